import { UpstreamFailure } from '../../../errors/index.ts';
import type { ModelEvent, ModelFigures } from '../../../models/index.ts';
import { BrokenStream, unfinished } from '../call/faults.ts';
import type { Relay } from '../relay.ts';
import type { TargetEvent } from './types.ts';

/**
 * One attempt whose events are handed on as they come; `start` is told first. Resolves when the model has finished.
 * Once something was handed on, a failure is for good.
 */
export async function relayStream(
  batches: AsyncIterable<readonly ModelEvent[]>,
  start: TargetEvent,
  relay: Relay<TargetEvent>,
): Promise<ModelFigures> {
  let told = false;
  try {
    for await (const events of batches) {
      const said = events.filter((event) => !isEmpty(event));
      if (said.length === 0) continue;
      if (!told) relay.push(start);
      told = true;
      relay.push(...said);
      const last = said.at(-1);
      if (last?.kind === 'finish') return last.figures;
    }
    throw unfinished();
  } catch (error: unknown) {
    throw told && error instanceof UpstreamFailure ? new BrokenStream(error) : error;
  }
}

const isEmpty = (event: ModelEvent): boolean =>
  event.kind === 'text' && event.delta === '' && event.logprobs === undefined;
