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
  events: AsyncIterable<ModelEvent>,
  start: TargetEvent,
  relay: Relay<TargetEvent>,
): Promise<ModelFigures> {
  let told = false;
  try {
    for await (const event of events) {
      if (event.kind === 'text' && event.delta === '' && event.logprobs === undefined) continue;
      if (!told) {
        told = true;
        relay.push(start);
      }
      relay.push(event);
      if (event.kind === 'finish') return event.figures;
    }
    throw unfinished();
  } catch (error: unknown) {
    throw told && error instanceof UpstreamFailure ? new BrokenStream(error) : error;
  }
}
