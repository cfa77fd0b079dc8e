import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Attempt } from './attempt.ts';
import { estimateTokens } from './estimate.ts';
import { type CallServices, type OpenGeneration, openGeneration } from './open-call.ts';
import { ToolCallDeltas } from './tool-call-deltas.ts';
import type { ModelCallContext, ModelEvent, ModelRequest, ModelTarget } from './types.ts';
import { leftOut } from './unsupported.ts';
import { failures } from './vendor/failures.ts';
import { failureOfFinish, hasFinishReason, readFinishReason, readUsage } from './vendor/from-result.ts';
import { failureFromEvent, failureFromSdk } from './vendor/sdk-error.ts';
import { toCallOptions } from './vendor/to-call-options.ts';

const FIRST_TOKEN_MS = 10_000;
const NEXT_TOKEN_MS = 5000;

/** One attempt, piece by piece. Not a bare generator: its `return` would wait for the piece that is awaited. */
export function stream(
  services: CallServices,
  target: ModelTarget,
  request: ModelRequest,
  context: ModelCallContext,
): AsyncIterable<ModelEvent> {
  return {
    [Symbol.asyncIterator]() {
      let call: OpenGeneration | undefined;
      async function* run(): AsyncGenerator<ModelEvent, void, undefined> {
        call = openGeneration(services, target, request, context, true);
        yield* events(call, target, context, services);
      }
      const running = run();
      let left = false;
      return {
        next: () => (left ? Promise.resolve({ done: true, value: undefined }) : running.next()),
        async return() {
          left = true;
          call?.attempt.limit.end(failures.cancelled(call.attempt.limit.sent));
          await running.return().catch(() => {});
          return { done: true, value: undefined };
        },
      };
    },
  };
}

async function* events(
  { account, attempt, vendor, request }: OpenGeneration,
  target: ModelTarget,
  { firstTokenMs = FIRST_TOKEN_MS, nextTokenMs = NEXT_TOKEN_MS }: ModelCallContext,
  { clock }: CallServices,
): AsyncGenerator<ModelEvent, void, undefined> {
  const { limit } = attempt;
  const toolCalls = new ToolCallDeltas();
  let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined;
  let said = false;
  let finished = false;
  let succeeded = false;
  try {
    const options = toCallOptions(account.kind, request, limit.signal);
    limit.awaitToken(firstTokenMs, failures.firstToken);
    const model = (await limit.race(vendor())).language(target.model);
    reader = (await limit.race(model.doStream(options))).stream.getReader();
    for (;;) {
      const { done, value: part } = await limit.race(reader.read());
      if (done) break;
      if (part.type === 'error') throw failureFromEvent(part.error, clock.now());
      if (part.type === 'finish') {
        finish(attempt, part);
        finished = true;
        continue;
      }
      const told = tell(part, toolCalls);
      if (isToken(part)) attempt.tokenCame();
      attempt.outputTokens += tokensOf(part);
      for (const event of told) {
        said = true;
        yield event;
      }
      // Time in which nobody reads is not the model's.
      if (isToken(part)) limit.awaitToken(nextTokenMs, failures.nextToken);
    }
    if (!finished) throw failures.incomplete('the stream ended without a finish reason');
    if (!said && attempt.finishReason !== 'length') {
      throw failures.invalid('the answer has neither text nor tool calls');
    }
    const figures = attempt.succeed();
    succeeded = true;
    yield { kind: 'finish', figures };
  } catch (error: unknown) {
    if (attempt.isOver) throw error;
    throw attempt.fail(reader === undefined ? failureFromSdk(error) : failureFromEvent(error, clock.now()));
  } finally {
    // Left in the middle, or failed: the request goes with it. One that succeeded has ended by itself.
    if (!succeeded) {
      const cancelled = failures.cancelled(limit.sent);
      if (!attempt.isOver) attempt.fail(cancelled);
      limit.end(cancelled);
      reader?.cancel().catch(() => {});
    }
  }
}

type FinishPart = Extract<LanguageModelV4StreamPart, { readonly type: 'finish' }>;

function finish(attempt: Attempt, { finishReason, usage }: FinishPart): void {
  attempt.reported = readUsage(usage);
  if (!hasFinishReason(finishReason)) throw failures.incomplete('the stream ended without a finish reason');
  attempt.finishReason = readFinishReason(finishReason);
  const failure = failureOfFinish(finishReason);
  if (failure !== undefined) throw failure;
}

/** Throws when a package says that it left something out, which it does before anything has come. */
function tell(part: LanguageModelV4StreamPart, toolCalls: ToolCallDeltas): readonly ModelEvent[] {
  if (part.type === 'stream-start') {
    const dropped = leftOut(part.warnings);
    if (dropped.length > 0) throw failures.unsupported(dropped);
  }
  if (part.type === 'text-delta') return part.delta === '' ? [] : [{ kind: 'text', delta: part.delta }];
  return toolCalls.read(part);
}

/** Whether the model said something, if only to itself. */
function isToken({ type }: LanguageModelV4StreamPart): boolean {
  return type === 'text-delta' || type === 'reasoning-delta' || type === 'tool-call' || type.startsWith('tool-input');
}

function tokensOf(part: LanguageModelV4StreamPart): number {
  return part.type === 'text-delta' || part.type === 'reasoning-delta' || part.type === 'tool-input-delta'
    ? estimateTokens(part.delta)
    : 0;
}
