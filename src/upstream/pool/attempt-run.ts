import type { UpstreamFailure } from '../../errors/index.ts';
import type { Clock, Timer } from '../../runtime/index.ts';
import type { Permit } from './breaker.ts';
import type { ConcurrencyGate } from './concurrency-gate.ts';
import { asFailure, attemptCutByDeadline, attemptTimedOut, explainTimeout } from './failures.ts';
import type { PoolNumbers } from './numbers.ts';
import type { PoolEndpoint } from './pool-endpoint.ts';
import type { PoolAttempt, PoolCall } from './types.ts';

export type AttemptEnd<T> =
  | { readonly ok: true; readonly value: T; readonly run: AttemptRun<T> }
  | { readonly ok: false; readonly failure: UpstreamFailure; readonly run: AttemptRun<T> };

export interface AttemptServices {
  readonly clock: Clock;
  readonly numbers: PoolNumbers;
}

/** An endpoint to be called and the place that was taken for it in its gate, at the time `now`. */
export interface Found {
  readonly ok: true;
  readonly target: PoolEndpoint;
  /** The attempt leaves it when it ends. */
  readonly gate: ConcurrencyGate;
  readonly now: number;
}

export interface AttemptInit<T> {
  readonly services: AttemptServices;
  readonly call: PoolCall<T>;
  readonly found: Found;
  /** 1 for the first of the call. */
  readonly number: number;
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
  /** What the target's breaker gave. */
  readonly #permit: Permit;
  #timer: Timer;
  /** Set once the time is over, while the attempt may still say where it was stuck. */
  #timeout: UpstreamFailure | undefined;
  #resolve: ((end: AttemptEnd<T>) => void) | undefined;

  constructor(init: AttemptInit<T>) {
    const { call, services, number } = init;
    const { target, now } = init.found;
    this.#init = init;
    this.target = target;
    this.#permit = target.breaker.tryAcquire(now);
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const remainingMs = call.deadline - now;
    const timeoutMs = Math.min(call.attemptTimeoutMs, remainingMs);
    target.inFlight++;
    this.#timer = services.clock.setTimer(() => this.#timeOut(timeoutMs), timeoutMs);
    const context = {
      endpoint: target.endpoint,
      signal: this.#controller.signal,
      timeoutMs,
      remainingMs,
      attempt: number,
    };
    try {
      call.attempt(context).then(
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
    const { call, services } = this.#init;
    const { clock, numbers } = services;
    const { target } = this;
    const timeout =
      timeoutMs === call.attemptTimeoutMs
        ? attemptTimedOut(target.endpoint, timeoutMs)
        : attemptCutByDeadline(target.endpoint, timeoutMs, timeoutMs >= numbers.deadline.fairAttemptMs);
    this.#timeout = timeout;
    // An attempt that heeds its signal now fails by itself, and may know that nothing had left;
    // the timer is for one that does not.
    this.#timer = clock.setTimer(() => this.stop(timeout), 0);
    this.#controller.abort(new DOMException(timeout.detail, 'TimeoutError'));
  }

  #succeed(value: T): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    const { services, found } = this.#init;
    const { gate } = found;
    const now = services.clock.now();
    const durationMs = now - found.now;
    gate.limit.sample(durationMs, gate.inFlight, now);
    this.target.succeeded(this.#permit, durationMs, now);
    this.#end(durationMs, undefined);
    resolve({ ok: true, value, run: this });
  }

  #fail(error: unknown): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    const { services, found } = this.#init;
    const { gate } = found;
    const failure = this.#failureOf(error);
    const now = services.clock.now();
    const durationMs = now - found.now;
    // Only answers tell how loaded the source is; a timeout may be one dead endpoint, which is the breaker's business,
    // but until the breaker has its say no more calls than necessary should wait for a connection.
    if (failure.code === 'UPSTREAM_REJECTED') gate.limit.sample(durationMs, gate.inFlight, now);
    else if (failure.code === 'UPSTREAM_OVERLOADED') gate.limit.overloaded(now);
    else if (failure.reason === 'connection_timeout') gate.limit.unreachable(now);
    this.target.failed(this.#permit, durationMs, failure);
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
    const { found, onEnd } = this.#init;
    onEnd({ endpoint: this.target.endpoint.number, startedAt: found.now, durationMs, failure });
    found.gate.leave();
  }
}
