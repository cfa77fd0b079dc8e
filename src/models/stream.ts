import type { Attempt } from './attempt.ts';
import type { AnswerEnd, AnswerStream } from './model-client.ts';
import { type CallServices, type OpenGeneration, openGeneration } from './open-call.ts';
import type { ModelCallContext, ModelEvent, ModelRequest, ModelTarget } from './types.ts';
import { failures } from './vendor/failures.ts';
import { failureFromSdk } from './vendor/sdk-error.ts';

const FIRST_TOKEN_MS = 10_000;
const NEXT_TOKEN_MS = 5000;

/** One attempt, as it comes. Not a bare generator: its `return` would wait for the piece that is awaited. */
export function stream(
  services: CallServices,
  target: ModelTarget,
  request: ModelRequest,
  context: ModelCallContext,
): AsyncIterable<readonly ModelEvent[]> {
  return {
    [Symbol.asyncIterator]() {
      let call: OpenGeneration | undefined;
      const open = (): OpenGeneration => {
        call = openGeneration(services, target, request, context, true);
        return call;
      };
      const running = events(open, context);
      let left = false;
      return {
        next: () => (left ? Promise.resolve({ done: true, value: undefined }) : running.next()),
        async return() {
          left = true;
          if (call?.attempt.isOver === false) call.attempt.limit.end(failures.cancelled(call.attempt.limit.sent));
          await running.return().catch(() => {});
          return { done: true, value: undefined };
        },
      };
    },
  };
}

async function* events(
  open: () => OpenGeneration,
  { firstTokenMs = FIRST_TOKEN_MS, nextTokenMs = NEXT_TOKEN_MS }: ModelCallContext,
): AsyncGenerator<readonly ModelEvent[], void, undefined> {
  const { attempt, client, request } = open();
  const { limit } = attempt;
  let answer: AnswerStream | undefined;
  let said = false;
  let finished = false;
  let succeeded = false;
  try {
    limit.awaitToken(firstTokenMs, failures.firstToken);
    answer = await client.stream(request);
    for (let read = await answer.next(); read !== undefined; read = await answer.next()) {
      if (read.isToken) attempt.tokenCame();
      attempt.outputTokens += read.tokens;
      if (read.events.length > 0) {
        said = true;
        yield read.events;
      }
      if (read.end !== undefined) {
        finish(attempt, read.end);
        finished = true;
      }
      if (read.failure !== undefined) throw read.failure;
      // Time in which nobody reads is not the model's.
      if (read.isToken) limit.awaitToken(nextTokenMs, failures.nextToken);
    }
    if (!finished) throw failures.incomplete('the stream ended without a finish reason');
    if (!said && attempt.finishReason !== 'length') {
      throw failures.invalid('the answer has neither text nor tool calls');
    }
    const figures = attempt.succeed();
    succeeded = true;
    yield [{ kind: 'finish', figures }];
  } catch (error: unknown) {
    if (attempt.isOver) throw error;
    throw attempt.fail(failureFromSdk(error));
  } finally {
    // Left in the middle, or failed: the request goes with it. One that succeeded has ended by itself.
    if (!succeeded) {
      const cancelled = failures.cancelled(limit.sent);
      if (!attempt.isOver) attempt.fail(cancelled);
      limit.end(cancelled);
      answer?.cancel();
    }
  }
}

function finish(attempt: Attempt, { tokens, finishReason, failure }: AnswerEnd): void {
  attempt.reported = tokens;
  if (finishReason === undefined) throw failures.incomplete('the stream ended without a finish reason');
  attempt.finishReason = finishReason;
  if (failure !== undefined) throw failure;
}
