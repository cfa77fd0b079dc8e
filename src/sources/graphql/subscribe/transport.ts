import type { UpstreamFailure } from '../../../errors/index.ts';
import type { AttemptContext } from '../../../upstream/index.ts';
import type { Forwarded } from '../../shared/forwarded.ts';

/** One subscription as the upstream gets it. */
export interface UpstreamSubscription {
  /** JSON text: `{"query": …, "variables": …}`. */
  readonly body: string;
  readonly forwarded: Forwarded;
  /** On a connection of its own, if there is room: one that it shared was broken by something that one of them was sent. */
  readonly apart: boolean;
}

/** One result of a subscription. */
export interface UpstreamResult {
  /** `{ data, errors }` */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Of its text. */
  readonly bytes: number;
  /** Some of its integers are beyond 2^53, and stand in it as bigints. */
  readonly hasBigInt: boolean;
}

/** Who hears what the upstream sends. Nothing comes after `ended`. */
export interface Listener {
  next(result: UpstreamResult): void;
  /** The upstream completed the subscription (no failure), refused it, or was lost. */
  ended(failure: UpstreamFailure | undefined): void;
}

/** How subscriptions get to an upstream. */
export interface Transport {
  /**
   * Resolves when the subscription is with the upstream, with the way to end it. What is wrong until then rejects, with
   * an UpstreamFailure, and `listener` hears of nothing; later it is told to `listener`. The signal of the context
   * counts until then only.
   */
  open(subscription: UpstreamSubscription, listener: Listener, context: AttemptContext): Promise<() => void>;
  /** Ends everything at once, without a word to the listeners. */
  close(): void;
}
