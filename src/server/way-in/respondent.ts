import type { ModelAnswer, ModelEvent, ModelFigures } from '../../models/index.ts';
import type { Served } from './served.ts';

/** Is given what came together, and who says it. Nothing more is read before the promise that it may answer resolves. */
export type TellAnswer = (events: readonly ModelEvent[], served: Served) => Promise<void> | undefined;

/** Whoever answers under the name that a chat request gives: a model, or a prompt. */
export interface Respondent {
  /** Throws WeirError. */
  answer(): Promise<{ readonly answer: ModelAnswer; readonly served: Served }>;
  /** Resolves when all is told. Throws WeirError, or what `tell` threw, which ends the call. */
  stream(tell: TellAnswer): Promise<{ readonly figures: ModelFigures; readonly served: Served }>;
}
