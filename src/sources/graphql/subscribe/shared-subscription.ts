import type { UpstreamFailure } from '../../../errors/index.ts';
import { type Clock, delay, type Random } from '../../../runtime/index.ts';
import type { Attempt, AttemptContext, PoolResult } from '../../../upstream/index.ts';
import { asFailure } from '../../shared/connection-parts.ts';
import type { SubscriptionEvent } from '../../source.ts';
import type { AskedField } from '../call/read-answers.ts';
import { failures } from './failures.ts';
import { readEvent } from './read-event.ts';
import type { Subscriber } from './subscriber.ts';
import type { Listener, UpstreamResult } from './transport.ts';

/** How a lost upstream is tried again. */
export const RECONNECT = {
  /** Tries in a row before the subscription ends, unless the policy says otherwise. */
  tries: 10,
  /** The wait before try n is between half of it and all of `baseMs * 2^(n-1)`, at most `maxMs`. */
  baseMs: 500,
  maxMs: 30_000,
  /** An upstream that held for this long is not counted among those in a row. */
  steadyMs: 30_000,
} as const;

export interface SharedSubscriptionOptions {
  readonly source: string;
  readonly field: AskedField;
  readonly clock: Clock;
  readonly random: Random;
  /** Sends the subscription to the endpoint of the context; `apart` from others, if need be. */
  send(listener: Listener, context: AttemptContext, apart: boolean): Promise<() => void>;
  /** Makes the attempt at an endpoint that is well, until one succeeds or none is left. */
  open(attempt: Attempt<() => void>, signal: AbortSignal): Promise<PoolResult<() => void>>;
  /** Tries after a loss, by the policy of now. */
  reconnects(): number;
  /** While the source is paused: resolves when it goes on, or the signal aborts. */
  pauseOver(signal: AbortSignal): Promise<void> | undefined;
  /** It has ended, for whatever reason. */
  onOver(): void;
}

/** What one opening of the upstream leads to. */
interface Opening {
  readonly result: PoolResult<() => void>;
  /** Why it ended; undefined when the upstream completed the subscription. */
  readonly ended: Promise<UpstreamFailure | undefined>;
}

/**
 * One subscription at the upstream and all who listen to it. It begins when it is made, outlives losses of the
 * upstream, and ends with its last subscriber.
 */
export class SharedSubscription {
  readonly #options: SharedSubscriptionOptions;
  readonly #subscribers = new Set<Subscriber>();
  readonly #controller = new AbortController();
  /** Set while an upstream that was there is not. */
  #interruption: SubscriptionEvent | undefined;
  /** What came over a connection that it shared was wrong, and may be again. */
  #apart = false;
  /** Lets go of the upstream, as if it had been lost. */
  #drop: ((failure: UpstreamFailure) => void) | undefined;

  constructor(options: SharedSubscriptionOptions) {
    this.#options = options;
    this.#run().then(
      (failure) => this.end(failure),
      (error: unknown) => this.end(asFailure(error)),
    );
  }

  join(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    if (this.#interruption !== undefined) subscriber.push(this.#interruption, 0);
  }

  leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.end(undefined);
  }

  /** The source was paused: the upstream is let go until it goes on. */
  pause(): void {
    this.#drop?.(failures.paused(this.#options.source));
  }

  /** Ends it for everybody; without a failure it was completed. */
  end(failure: UpstreamFailure | undefined): void {
    if (this.#controller.signal.aborted) return;
    this.#controller.abort();
    this.#drop?.(failures.closed(this.#options.source));
    const all = [...this.#subscribers];
    this.#subscribers.clear();
    this.#options.onOver();
    for (const subscriber of all) subscriber.end(failure);
  }

  /** Resolves with why it ended; undefined when the upstream completed it, or `end` was called. */
  async #run(): Promise<UpstreamFailure | undefined> {
    const { clock, random, reconnects } = this.#options;
    const { signal } = this.#controller;
    let wasOpen = false;
    for (let tries = 1; ; tries++) {
      const { result, ended } = await this.#open();
      let failure: UpstreamFailure | undefined;
      if (result.ok) {
        wasOpen = true;
        const openedAt = clock.now();
        failure = await ended;
        if (clock.now() - openedAt >= RECONNECT.steadyMs) tries = 1;
      } else {
        failure = result.failure;
      }
      if (failure === undefined || signal.aborted) return undefined;
      if (!wasOpen || !failure.retryable || tries > reconnects()) return failure;
      if (result.ok) this.#interrupted(failure);
      this.#apart ||= failure.code === 'UPSTREAM_INVALID_RESPONSE';
      await delay(clock, Math.max(waitMs(tries, random.next()), failure.retryAfterMs ?? 0), signal);
      const pauseOver = this.#options.pauseOver(signal);
      if (pauseOver !== undefined) {
        await pauseOver;
        tries = 0;
      }
      if (signal.aborted) return undefined;
    }
  }

  async #open(): Promise<Opening> {
    const { source, send, open, pauseOver } = this.#options;
    const { promise: ended, resolve } = Promise.withResolvers<UpstreamFailure | undefined>();
    // An attempt that was given up must not be heard, should it come to something after all.
    let heard: object | undefined;
    const result = await open(async (context) => {
      const mine = {};
      heard = mine;
      const kind = context.endpoint.priority === 0 ? 'FRESH' : 'BACKUP';
      const stop = await send(
        {
          next: (result) => {
            if (heard === mine) this.#answered(result, kind);
          },
          ended: (failure) => {
            if (heard === mine) resolve(failure);
          },
        },
        context,
        this.#apart,
      );
      if (!context.signal.aborted) return stop;
      stop();
      throw failures.closed(source);
    }, this.#controller.signal);
    if (result.ok) {
      this.#interruption = undefined;
      this.#drop = (failure) => {
        heard = undefined;
        result.value();
        resolve(failure);
      };
      if (this.#controller.signal.aborted) this.#drop(failures.closed(source));
      else if (pauseOver(this.#controller.signal) !== undefined) this.pause();
    }
    return { result, ended };
  }

  #answered(result: UpstreamResult, kind: 'FRESH' | 'BACKUP'): void {
    const outcome = readEvent(this.#options.source, this.#options.field, result, kind);
    this.#tell({ kind: 'ANSWER', outcome }, result.bytes);
  }

  #interrupted(failure: UpstreamFailure): void {
    this.#drop = undefined;
    this.#interruption = { kind: 'INTERRUPTED', failure };
    this.#tell(this.#interruption, 0);
  }

  #tell(event: SubscriptionEvent, bytes: number): void {
    for (const subscriber of this.#subscribers) {
      if (!subscriber.push(event, bytes)) this.leave(subscriber);
    }
  }
}

function waitMs(tries: number, random: number): number {
  return Math.min(RECONNECT.maxMs, RECONNECT.baseMs * 2 ** (tries - 1)) * (0.5 + random / 2);
}
