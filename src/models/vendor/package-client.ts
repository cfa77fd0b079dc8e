import type { LanguageModelV4, LanguageModelV4FinishReason, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Clock } from '../../runtime/index.ts';
import type { CallLimit } from '../call-limit.ts';
import { estimateTokens } from '../estimate.ts';
import type { AnswerEnd, AnswerStream, ModelClient, StreamRead } from '../model-client.ts';
import type { PackageKind } from '../openai-format/own-format.ts';
import type { ModelEvent, ModelRequest } from '../types.ts';
import { leftOut } from '../unsupported.ts';
import { failures } from './failures.ts';
import { failureOfFinish, hasFinishReason, readFinishReason, readParts, readUsage } from './from-result.ts';
import { failureFromEvent } from './sdk-error.ts';
import { readThoughtPart } from './thoughts.ts';
import { toCallOptions } from './to-call-options.ts';
import { ToolCallDeltas } from './tool-call-deltas.ts';

export interface PackageClientOptions {
  readonly kind: PackageKind;
  readonly limit: CallLimit;
  readonly clock: Clock;
  /** Loads the vendor's package when it is the first call of its kind. */
  readonly model: () => Promise<LanguageModelV4>;
}

/** A model behind its vendor's package. */
export function packageClient({ kind, limit, clock, model }: PackageClientOptions): ModelClient {
  return {
    async generate(request: ModelRequest) {
      const options = toCallOptions(kind, request, limit.signal);
      const asked = await limit.race(model());
      const { content, finishReason, usage, warnings } = await limit.race(asked.doGenerate(options));
      const dropped = leftOut(warnings);
      const failure = dropped.length > 0 ? failures.unsupported(dropped) : failureOfFinish(finishReason);
      return {
        parts: readParts(content, takesThoughts(kind, request)),
        tokens: readUsage(usage),
        finishReason: readFinishReason(finishReason),
        failure,
      };
    },
    async stream(request: ModelRequest) {
      const options = toCallOptions(kind, request, limit.signal);
      const asked = await limit.race(model());
      const { stream } = await limit.race(asked.doStream(options));
      return answerStream(stream.getReader(), kind, takesThoughts(kind, request), limit, clock);
    },
  };
}

/** There is no seal on the thoughts of other vendors' models, so nobody would want them back. */
function takesThoughts(kind: PackageKind, { thoughts }: ModelRequest): boolean {
  return thoughts === true && kind === 'ANTHROPIC';
}

function answerStream(
  reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>,
  kind: PackageKind,
  thoughts: boolean,
  limit: CallLimit,
  clock: Clock,
): AnswerStream {
  const toolCalls = new ToolCallDeltas();
  let thinks = false;
  return {
    async next() {
      try {
        // A model of Anthropic's says that it thinks, and may say nothing more before it has thought.
        if (thinks) limit.tokenCame();
        const { done, value } = await limit.race(reader.read());
        if (done) return undefined;
        thinks =
          kind === 'ANTHROPIC' && (value.type === 'reasoning-start' || (thinks && value.type === 'reasoning-delta'));
        return readPart(value, toolCalls, thoughts, clock);
      } catch (error: unknown) {
        throw failureFromEvent(error, clock.now());
      }
    },
    cancel() {
      reader.cancel().catch(() => {});
    },
  };
}

function readPart(
  part: LanguageModelV4StreamPart,
  toolCalls: ToolCallDeltas,
  thoughts: boolean,
  clock: Clock,
): StreamRead {
  if (part.type === 'error') throw failureFromEvent(part.error, clock.now());
  if (part.type === 'finish') {
    return { events: [], isToken: false, tokens: 0, end: readEnd(part.finishReason, part.usage) };
  }
  const told = tell(part, toolCalls);
  const events = thoughts && told.length === 0 ? readThoughtPart(part) : told;
  return { events, isToken: isToken(part), tokens: tokensOf(part) };
}

type FinishPart = Extract<LanguageModelV4StreamPart, { readonly type: 'finish' }>;

function readEnd(reason: LanguageModelV4FinishReason, usage: FinishPart['usage']): AnswerEnd {
  const tokens = readUsage(usage);
  if (!hasFinishReason(reason)) return { tokens, finishReason: undefined, failure: undefined };
  return { tokens, finishReason: readFinishReason(reason), failure: failureOfFinish(reason) };
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
  return TOKENS.has(type) || type.startsWith('tool-input');
}

const TOKENS: ReadonlySet<string> = new Set(['text-delta', 'reasoning-delta', 'reasoning-end', 'tool-call']);

function tokensOf(part: LanguageModelV4StreamPart): number {
  return part.type === 'text-delta' || part.type === 'reasoning-delta' || part.type === 'tool-input-delta'
    ? estimateTokens(part.delta)
    : 0;
}
