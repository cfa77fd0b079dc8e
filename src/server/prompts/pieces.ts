import type { ModelFigures } from '../../models/index.ts';
import type { Outcome } from '../../sources/index.ts';
import { figuresOf, modelOf } from './figures.ts';
import type { OpenPrompt } from './prompts.ts';

/** One answer of a prompt's stream. */
export interface Piece {
  /** The next piece of the answer's text; '' when there is none. */
  readonly delta: string;
  /** The last one: its figures are those of the whole. */
  readonly done: boolean;
  readonly outcome: Exclude<Outcome, { kind: 'FAILED' }>['kind'];
  readonly model: string | undefined;
  readonly figures: ModelFigures | undefined;
}

/** What a prompt streams, up to the piece that is `done`. Throws what its client is told of a failure. */
export async function* piecesOf(
  prompt: OpenPrompt,
  variables: Readonly<Record<string, unknown>>,
): AsyncGenerator<Piece, void, undefined> {
  const { name } = prompt.member;
  for await (const event of prompt.stream(variables)) {
    if (event.kind === 'INTERRUPTED') continue;
    if (event.kind === 'ENDED') throw event.failure.toClientError(name, 1);
    const { outcome } = event;
    if (outcome.kind === 'FAILED') {
      throw outcome.failure.toClientError(name, outcome.attempts.length, outcome.retryAfterMs);
    }
    const { delta, done } = outcome.value as { readonly delta?: unknown; readonly done?: unknown };
    yield {
      delta: typeof delta === 'string' ? delta : '',
      done: done === true,
      outcome: outcome.kind,
      model: modelOf(outcome),
      figures: figuresOf(outcome),
    };
    if (done === true) return;
  }
  throw new Error(`the stream of ${name} must end with its last piece, or with a failure`);
}
