import type { ModelAnswer, ModelEvent } from '../../models/index.ts';
import type { Served } from './served.ts';

/** A piece of a streamed answer. `started` comes once, and first. */
export type RespondentEvent = { readonly kind: 'started'; readonly served: Served } | ModelEvent;

/** Whoever answers under the name that a chat request gives: a model, or a prompt. */
export interface Respondent {
  /** Throws WeirError. */
  answer(): Promise<{ readonly answer: ModelAnswer; readonly served: Served }>;
  /**
   * Ends with `finish`, or throws WeirError. Ending the iteration early ends the call. What came together is given
   * together, and no list is empty.
   */
  stream(): AsyncIterable<readonly RespondentEvent[]>;
}
