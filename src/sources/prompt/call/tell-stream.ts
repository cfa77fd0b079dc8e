import type { UpstreamFailure } from '../../../errors/index.ts';
import type { Outcome } from '../../outcome.ts';
import { asFailure } from '../../shared/connection-parts.ts';
import type { SubscriptionEvent } from '../../source.ts';
import { endable } from '../endable.ts';
import { Relay } from '../relay.ts';
import type { Piece } from './asking.ts';
import { BrokenStream } from './faults.ts';
import type { PromptFigures } from './figures.ts';

/** The value of one piece: of the type `<Name>Stream` in the graph. */
export interface StreamPiece {
  readonly delta: string;
  readonly done: boolean;
  readonly value: unknown;
  readonly usage: StreamUsage | null;
}

interface StreamUsage {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  readonly costUsd: number | null;
}

/** Begins a call whose pieces come while it runs. May throw before it has begun. */
type Begin = (pieces: Relay<Piece>, signal: AbortSignal) => Promise<Outcome>;

/**
 * The events of one streamed answer: pieces as they come, then the whole of it. An answer that came whole, from a rung
 * that has no pieces, is one piece. A stream that broke after its first piece ends with the failure.
 */
export function tellStream(outer: AbortSignal, begin: Begin): AsyncIterable<SubscriptionEvent> {
  return endable(outer, async function* tell(signal) {
    const pieces = new Relay<Piece>();
    try {
      const ended = begin(pieces, signal).finally(() => pieces.end());
      for (let came = await pieces.next(); came.length > 0; came = await pieces.next()) {
        yield { kind: 'ANSWER', outcome: outcomeOf(came) };
      }
      yield lastEvent(await ended, pieces.begun);
    } catch (error: unknown) {
      yield { kind: 'ENDED', failure: asFailure(error) };
    }
  });
}

/** Of pieces that came together. A call has one model that writes. */
function outcomeOf(pieces: readonly Piece[]): Outcome {
  const [first] = pieces;
  const delta = pieces.map((piece) => piece.delta).join('');
  const value: StreamPiece = { delta, done: false, value: null, usage: null };
  return {
    kind: first?.backup === true ? 'BACKUP' : 'FRESH',
    value: Object.freeze(value),
    ageMs: 0,
    durationMs: 0,
    attempts: [],
    cache: 'BYPASS',
    figures: { ...first?.target },
  };
}

function lastEvent(outcome: Outcome, begun: boolean): SubscriptionEvent {
  if (outcome.kind === 'FAILED') return { kind: 'ENDED', failure: original(outcome.failure) };
  const { kind, value, figures, failure } = outcome;
  // What another rung has instead does not go on from where the model broke off.
  const goesOn = kind === 'FRESH' || kind === 'BACKUP';
  if (begun && !goesOn && failure !== undefined) return { kind: 'ENDED', failure: original(failure) };
  const whole = typeof value === 'string' ? value : JSON.stringify(value);
  const usage = figures === undefined ? null : usageOf(figures as unknown as PromptFigures);
  const last: StreamPiece = { delta: begun ? '' : whole, done: true, value, usage };
  return { kind: 'ANSWER', outcome: { ...outcome, value: Object.freeze(last) } };
}

function original(failure: UpstreamFailure): UpstreamFailure {
  return failure instanceof BrokenStream ? failure.broken : failure;
}

function usageOf({ provider, model, tokens, usd }: PromptFigures): StreamUsage {
  return {
    model: `${provider}/${model}`,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cachedTokens: tokens.cachedInput,
    reasoningTokens: tokens.reasoning,
    costUsd: usd ?? null,
  };
}
