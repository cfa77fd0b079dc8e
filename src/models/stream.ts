import { UpstreamFailure } from '../errors/index.ts';
import type { Attempt } from './attempt.ts';
import type { AnswerEnd, AnswerStream } from './model-client.ts';
import { type CallServices, openGeneration } from './open-call.ts';
import type { ModelCallContext, ModelFigures, ModelRequest, ModelTarget, TellPieces } from './types.ts';
import { failures } from './vendor/failures.ts';
import { failureFromSdk } from './vendor/sdk-error.ts';

const FIRST_TOKEN_MS = 10_000;
const NEXT_TOKEN_MS = 5000;

/** One attempt, told as it comes. */
export async function stream(
  services: CallServices,
  target: ModelTarget,
  request: ModelRequest,
  context: ModelCallContext,
  tell: TellPieces,
): Promise<ModelFigures> {
  const { attempt, client, request: sent } = openGeneration(services, target, request, context, true);
  const { limit } = attempt;
  const { firstTokenMs = FIRST_TOKEN_MS, nextTokenMs = NEXT_TOKEN_MS } = context;
  let answer: AnswerStream | undefined;
  let said = false;
  let finished = false;
  try {
    limit.awaitToken(firstTokenMs, failures.firstToken);
    answer = await client.stream(sent);
    for (let read = await answer.next(); read !== undefined; read = await answer.next()) {
      if (read.isToken) attempt.tokenCame();
      attempt.outputTokens += read.tokens;
      if (read.events.length > 0) {
        // It was ended while this was on its way: another attempt may speak by now.
        if (limit.failure !== undefined) throw limit.failure;
        said = true;
        const ready = told(tell, read.events);
        if (ready !== undefined) await limit.race(ready);
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
    return attempt.succeed();
  } catch (error: unknown) {
    const failure = attempt.fail(failureFromSdk(error));
    // The request goes with it.
    limit.end(failure);
    answer?.cancel();
    throw failure;
  }
}

/** Whoever cannot take it has gone, and says himself why. */
function told(tell: TellPieces, events: Parameters<TellPieces>[0]): Promise<void> | undefined {
  try {
    return tell(events);
  } catch (error: unknown) {
    throw error instanceof UpstreamFailure ? error : failures.cancelled(true);
  }
}

function finish(attempt: Attempt, { tokens, finishReason, failure }: AnswerEnd): void {
  attempt.reported = tokens;
  if (finishReason === undefined) throw failures.incomplete('the stream ended without a finish reason');
  attempt.finishReason = finishReason;
  if (failure !== undefined) throw failure;
}
