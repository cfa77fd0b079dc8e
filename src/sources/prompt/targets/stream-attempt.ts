import { UpstreamFailure } from '../../../errors/index.ts';
import type { ModelEvent, ModelFigures, ModelTarget, TellPieces } from '../../../models/index.ts';
import { BrokenStream } from '../call/faults.ts';
import type { TellTarget } from './types.ts';

/** One attempt whose pieces are told as they come. Once something was told, a failure is for good. */
export async function streamAttempt(
  stream: (tell: TellPieces) => Promise<ModelFigures>,
  target: ModelTarget,
  tell: TellTarget,
): Promise<{ readonly figures: ModelFigures }> {
  let told = false;
  try {
    const figures = await stream((events) => {
      const said = events.some(isEmpty) ? events.filter((event) => !isEmpty(event)) : events;
      if (said.length === 0) return undefined;
      told = true;
      return tell(said, target);
    });
    return { figures };
  } catch (error: unknown) {
    throw told && error instanceof UpstreamFailure ? new BrokenStream(error) : error;
  }
}

const isEmpty = (event: ModelEvent): boolean =>
  event.kind === 'text' && event.delta === '' && event.logprobs === undefined;
