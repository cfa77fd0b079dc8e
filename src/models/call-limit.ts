import { UpstreamFailure } from '../errors/index.ts';
import type { Clock, Timer } from '../runtime/index.ts';
import { failures } from './vendor/failures.ts';

/** A token that must come until a time (Clock.now() milliseconds). */
interface AwaitedToken {
  readonly until: number;
  readonly ms: number;
  readonly failure: (ms: number) => UpstreamFailure;
}

/** Ends one attempt: when its caller leaves, its time is over, or no token comes. The first reason stands. */
export class CallLimit {
  /** Set when the request is handed to the HTTP client: whether a cancelled call may have cost something. */
  sent = false;
  readonly #clock: Clock;
  readonly #caller: AbortSignal;
  readonly #controller = new AbortController();
  readonly #whole: Timer;
  #awaited: AwaitedToken | undefined;
  /** Looks, when it ends, whether a token is overdue: a token that comes costs no timer of its own. */
  #token: { readonly timer: Timer; readonly at: number } | undefined;

  constructor(clock: Clock, caller: AbortSignal, timeoutMs: number) {
    this.#clock = clock;
    this.#caller = caller;
    this.#whole = clock.setTimer(() => this.end(failures.tooLong(timeoutMs)), timeoutMs);
    caller.addEventListener('abort', this.#onAbort, { once: true });
    if (caller.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the call was ended; undefined while it goes on. */
  get failure(): UpstreamFailure | undefined {
    const reason: unknown = this.#controller.signal.reason;
    return reason instanceof UpstreamFailure ? reason : undefined;
  }

  end(failure: UpstreamFailure): void {
    this.#controller.abort(failure);
  }

  /** A token must come within `ms`; does nothing while one is awaited already. */
  awaitToken(ms: number, failure: (ms: number) => UpstreamFailure): void {
    if (this.#awaited !== undefined) return;
    this.#awaited = { until: this.#clock.now() + ms, ms, failure };
    if (this.#token !== undefined && this.#token.at <= this.#awaited.until) return;
    this.#token?.timer.cancel();
    this.#lookIn(ms);
  }

  tokenCame(): void {
    this.#awaited = undefined;
  }

  /** The promise, or the reason why the call was ended, whichever comes first. */
  async race<T>(promise: PromiseLike<T>): Promise<T> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const { signal } = this.#controller;
    const onEnd = (): void => reject(signal.reason);
    if (signal.aborted) onEnd();
    signal.addEventListener('abort', onEnd, { once: true });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      signal.removeEventListener('abort', onEnd);
    }
  }

  release(): void {
    this.#whole.cancel();
    this.#awaited = undefined;
    this.#token?.timer.cancel();
    this.#token = undefined;
    this.#caller.removeEventListener('abort', this.#onAbort);
  }

  #lookIn(ms: number): void {
    this.#token = { timer: this.#clock.setTimer(() => this.#look(), ms), at: this.#clock.now() + ms };
  }

  #look(): void {
    this.#token = undefined;
    if (this.#awaited === undefined) return;
    const { until, ms, failure } = this.#awaited;
    const leftMs = until - this.#clock.now();
    if (leftMs > 0) this.#lookIn(leftMs);
    else this.end(failure(ms));
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#caller.reason;
    this.end(reason instanceof UpstreamFailure ? reason : failures.cancelled(this.sent));
  };
}
