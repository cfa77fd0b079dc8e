import type { UpstreamFailure } from '../../errors/index.ts';
import type { Clock, Timer } from '../../runtime/index.ts';
import type { Permit } from './breaker.ts';
import type { ConcurrencyGate } from './concurrency-gate.ts';
import { asFailure, attemptCutByDeadline, attemptTimedOut, explainTimeout } from './failures.ts';
import type { PoolNumbers } from './numbers.ts';
import type { PoolEndpoint } from './pool-endpoint.ts';
import type { Attempt, PoolAttempt } from './types.ts';

export type AttemptEnd<T> =
  | { readonly ok: true; readonly value: T; readonly run: AttemptRun<T> }
  | { readonly ok: false; readonly failure: UpstreamFailure; readonly run: AttemptRun<T> };

export interface AttemptInit<T> {
  readonly attempt: Attempt<T>;
  readonly target: PoolEndpoint;
  /** What the target's breaker gave. */
  readonly permit: Permit;
  /** 1 for the first of the call. */
  readonly number: number;
  readonly attemptTimeoutMs: number;
  /** Clock.now(). */
  readonly startedAt: number;
  readonly remainingMs: number;
  readonly clock: Clock;
  readonly numbers: PoolNumbers['deadline'];
  /** A place in it was taken, which the attempt leaves when it ends. */
  readonly gate: ConcurrencyGate;
  readonly onEnd: (attempt: PoolAttempt) => void;
}

/**
 * One attempt in flight. It ends when the answer comes, at its timeout or when it is stopped, whichever is first,
 * also when the attempt's own code does not heed its signal; what comes later is dropped.
 */
export class AttemptRun<T> {
  readonly ended: Promise<AttemptEnd<T>>;
  readonly target: PoolEndpoint;
  readonly #init: AttemptInit<T>;
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  #timer: Timer;
  /** Set once the time is over, while the attempt may still say where it was stuck. */
  #timeout: UpstreamFailure | undefined;
  #resolve: ((end: AttemptEnd<T>) => void) | undefined;

  constructor(init: AttemptInit<T>) {
    const { attempt, clock, target, remainingMs } = init;
    this.#init = init;
    this.target = target;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const timeoutMs = Math.min(init.attemptTimeoutMs, remainingMs);
    target.inFlight++;
    this.#startedAt = init.startedAt;
    this.#timer = clock.setTimer(() => this.#timeOut(timeoutMs), timeoutMs);
    const context = {
      endpoint: target.endpoint,
      signal: this.#controller.signal,
      timeoutMs,
      remainingMs,
      attempt: init.number,
    };
    try {
      attempt(context).then(
        (value) => this.#succeed(value),
        (error: unknown) => this.#fail(error),
      );
    } catch (error: unknown) {
      this.#fail(error);
    }
  }

  /** Ends the attempt with this failure and aborts its signal. Nothing happens when it has ended. */
  stop(failure: UpstreamFailure): void {
    if (this.#resolve === undefined) return;
    this.#fail(failure);
    this.#controller.abort(failure);
  }

  #timeOut(timeoutMs: number): void {
    const { attemptTimeoutMs, clock, numbers, target } = this.#init;
    const timeout =
      timeoutMs === attemptTimeoutMs
        ? attemptTimedOut(target.endpoint, timeoutMs)
        : attemptCutByDeadline(target.endpoint, timeoutMs, timeoutMs >= numbers.fairAttemptMs);
    this.#timeout = timeout;
    // An attempt that heeds its signal now fails by itself, and may know that nothing had left;
    // the timer is for one that does not.
    this.#timer = clock.setTimer(() => this.stop(timeout), 0);
    this.#controller.abort(new DOMException(timeout.detail, 'TimeoutError'));
  }

  #succeed(value: T): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    const { clock, gate, permit } = this.#init;
    const now = clock.now();
    const durationMs = now - this.#startedAt;
    gate.limit.sample(durationMs, gate.inFlight, now);
    this.target.succeeded(permit, durationMs, now);
    this.#end(durationMs, undefined);
    resolve({ ok: true, value, run: this });
  }

  #fail(error: unknown): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    const { clock, gate, permit } = this.#init;
    const failure = this.#failureOf(error);
    const now = clock.now();
    const durationMs = now - this.#startedAt;
    // Only answers tell how loaded the source is; a timeout may be one dead endpoint, which is the breaker's business,
    // but until the breaker has its say no more calls than necessary should wait for a connection.
    if (failure.code === 'UPSTREAM_REJECTED') gate.limit.sample(durationMs, gate.inFlight, now);
    else if (failure.code === 'UPSTREAM_OVERLOADED') gate.limit.overloaded(now);
    else if (failure.reason === 'connection_timeout') gate.limit.unreachable(now);
    this.target.failed(permit, durationMs, failure);
    this.#end(durationMs, failure);
    resolve({ ok: false, failure, run: this });
  }

  #failureOf(error: unknown): UpstreamFailure {
    return this.#timeout === undefined || error === this.#timeout
      ? asFailure(error)
      : explainTimeout(this.#timeout, error);
  }

  #end(durationMs: number, failure: UpstreamFailure | undefined): void {
    this.#resolve = undefined;
    this.#timer.cancel();
    this.target.inFlight--;
    this.#init.onEnd({ endpoint: this.target.endpoint.number, startedAt: this.#startedAt, durationMs, failure });
    this.#init.gate.leave();
  }
}
