import type { UpstreamFailure } from '../../errors/index.ts';
import { appended, type LinkedSet, type Random } from '../../runtime/index.ts';
import { type AttemptEnd, AttemptRun, type AttemptServices, type Found } from './attempt-run.ts';
import type { ConcurrencyGate } from './concurrency-gate.ts';
import type { EndpointChooser } from './endpoint-chooser.ts';
import { asFailure, cancelled, deadlinePassed, shed } from './failures.ts';
import type { LevelGates } from './level-gates.ts';
import type { PoolEndpoint } from './pool-endpoint.ts';
import type { RetryBudget } from './retry-budget.ts';
import { backoffMs, mayGoElsewhere, mayRetry } from './retry-rules.ts';
import type { PoolAttempt, PoolCall, PoolResult } from './types.ts';

/** What all calls of a pool share. */
export interface CallServices extends AttemptServices {
  readonly source: string;
  readonly random: Random;
  readonly chooser: EndpointChooser;
  readonly gates: LevelGates;
  readonly budget: RetryBudget;
  /** Why no call may be made at all (paused, closed); undefined when calls may be made. */
  readonly barred: () => UpstreamFailure | undefined;
  readonly onAttempt: (attempt: PoolAttempt) => void;
  /** The calls that have not ended. */
  readonly running: LinkedSet<RunningCall>;
}

/** A call that has not ended. */
export interface RunningCall {
  /** Never rejects. */
  readonly result: Promise<unknown>;
  stop(failure: UpstreamFailure): void;
}

type Place = Found | { readonly ok: false; readonly failure: UpstreamFailure };

const NONE: readonly never[] = [];

/** One call: attempts one after another, or two at once when hedged, until one answers or no other may be made. */
export class CallRun<T> implements RunningCall {
  readonly result: Promise<PoolResult<T>>;
  readonly #services: CallServices;
  readonly #call: PoolCall<T>;
  #attempts: readonly PoolAttempt[] = NONE;
  #tried: readonly number[] = NONE;
  #begun = 0;
  #lastFailure: UpstreamFailure | undefined;
  /** Set once nobody wants the answer any more. */
  #stopped: UpstreamFailure | undefined;
  #inFlight: AttemptRun<T> | undefined;
  #hedge: AttemptRun<T> | undefined;
  /** Ends the wait for a place or for the next retry. */
  #endWait: (() => void) | undefined;

  constructor(call: PoolCall<T>, services: CallServices) {
    this.#call = call;
    this.#services = services;
    this.result = this.#run();
  }

  /** Ends the call at once with this failure; its attempts are aborted. */
  stop(failure: UpstreamFailure): void {
    this.#stopped ??= failure;
    this.#inFlight?.stop(failure);
    this.#hedge?.stop(failure);
    this.#endWait?.();
  }

  async #run(): Promise<PoolResult<T>> {
    const { budget, clock, running } = this.#services;
    const { signal } = this.#call;
    const onAbort = (): void => this.stop(cancelled('the caller left'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    const link = running.add(this);
    try {
      budget.deposit();
      for (;;) {
        const now = clock.now();
        const early = this.#mayNotStart(now);
        if (early !== undefined) return this.#failed(early);
        const found = this.#findPlace(now) ?? (await this.#waitForPlace());
        if (!found.ok) return this.#failed(found.failure);
        // Nothing has waited since the endpoint was chosen, so what was true of it still is.
        this.#inFlight = this.#begin(found);
        const end = this.#mayHedge() ? await this.#endWithHedge(this.#inFlight) : await this.#inFlight.ended;
        if (end.ok) return this.#succeeded(end.value, end.run.target);
        this.#lastFailure = end.failure;
        const delayMs = this.#retryDelay(end.failure);
        if (delayMs === undefined) return this.#failed(end.failure);
        if (delayMs > 0) await this.#pause(delayMs);
      }
    } catch (error: unknown) {
      return { ok: false, failure: asFailure(error), attempts: this.#attempts };
    } finally {
      signal.removeEventListener('abort', onAbort);
      running.delete(link);
    }
  }

  #remainingMs(now: number): number {
    return this.#call.deadline - now;
  }

  #mayNotStart(now: number): UpstreamFailure | undefined {
    if (this.#stopped !== undefined) return this.#stopped;
    const barred = this.#services.barred();
    if (barred !== undefined) return barred;
    const remainingMs = this.#remainingMs(now);
    if (remainingMs >= this.#services.numbers.deadline.minAttemptMs) return undefined;
    return this.#lastFailure ?? deadlinePassed(`${Math.round(remainingMs)} ms are left, too few to start an attempt`);
  }

  /** An endpoint and a place for a call to it, if both are there at once; undefined when one must wait for a place. */
  #findPlace(now: number): Place | undefined {
    const { gates } = this.#services;
    const target = this.#choose(now, true, this.#tried);
    if (target === undefined) return { ok: false, failure: this.#lastFailure ?? this.#refusal(now) };
    const gate = gates.of(target.endpoint.priority);
    if (gate.tryEnter()) return { ok: true, target, gate, now };
    return this.#findPlaceElsewhere(gate, now);
  }

  /** The level is full: another one may have room. */
  #findPlaceElsewhere(full: ConcurrencyGate, now: number): Place | undefined {
    const { chooser, gates } = this.#services;
    const numbers = chooser.numbersWhere((endpoint) => gates.of(endpoint.priority) === full);
    const target = this.#choose(now, false, [...this.#tried, ...numbers]);
    if (target === undefined) return undefined;
    const gate = gates.of(target.endpoint.priority);
    if (gate === full || !target.breaker.closed || !gate.tryEnter()) return undefined;
    this.#lastFailure ??= this.#shed(full);
    return { ok: true, target, gate, now };
  }

  /** Waits for a place in the gate of the endpoint that should be called. */
  async #waitForPlace(): Promise<Place> {
    const { clock, gates, numbers } = this.#services;
    const began = clock.now();
    const wanted = this.#choose(began, true, this.#tried);
    if (wanted === undefined) return { ok: false, failure: this.#lastFailure ?? this.#refusal(began) };
    const gate = gates.of(wanted.endpoint.priority);
    // Levels are drawn by lot, and this one may have room.
    if (gate.tryEnter()) return { ok: true, target: wanted, gate, now: began };
    const wait = gate.wait(this.#remainingMs(began) - numbers.deadline.minAttemptMs);
    this.#endWait = wait?.cancel;
    const entered = wait !== undefined && (await wait.entered);
    this.#endWait = undefined;
    const barred = this.#stopped ?? this.#services.barred();
    if (!entered) return { ok: false, failure: barred ?? this.#lastFailure ?? this.#shed(gate) };
    // Meanwhile all may have changed; the place is for this gate only.
    const now = clock.now();
    const target = barred === undefined ? this.#choose(now, true, this.#tried) : undefined;
    if (target !== undefined && gates.of(target.endpoint.priority) === gate) return { ok: true, target, gate, now };
    gate.leave();
    if (barred !== undefined) return { ok: false, failure: barred };
    return this.#findPlace(now) ?? { ok: false, failure: this.#lastFailure ?? this.#shed(gate) };
  }

  #shed(gate: ConcurrencyGate): UpstreamFailure {
    const { numbers, source } = this.#services;
    return shed(source, gate.limit.current, numbers.concurrency.queueWaitMs);
  }

  #choose(now: number, mayTry: boolean, tried: readonly number[]): PoolEndpoint | undefined {
    return this.#services.chooser.choose(now, {
      tried,
      preferEndpoint: this.#call.preferEndpoint,
      // A mutation cannot move on when the endpoint turns out to be still down.
      mayTry: mayTry && this.#call.idempotent,
    });
  }

  #begin(found: Found): AttemptRun<T> {
    this.#tried = appended(this.#tried, found.target.endpoint.number);
    return new AttemptRun<T>({
      services: this.#services,
      call: this.#call,
      found,
      number: ++this.#begun,
      onEnd: (attempt) => {
        this.#attempts = appended(this.#attempts, attempt);
        this.#services.onAttempt(attempt);
      },
    });
  }

  #mayHedge(): boolean {
    const { hedgeAfterMs, idempotent, attemptTimeoutMs } = this.#call;
    return hedgeAfterMs !== undefined && idempotent && this.#begun === 1 && hedgeAfterMs < attemptTimeoutMs;
  }

  /** Starts a second attempt when the first is slow, and takes the first answer of the two. */
  async #endWithHedge(first: AttemptRun<T>): Promise<AttemptEnd<T>> {
    const { promise: due, resolve } = Promise.withResolvers<undefined>();
    const timer = this.#services.clock.setTimer(() => resolve(undefined), this.#call.hedgeAfterMs ?? 0);
    const early = await Promise.race([first.ended, due]);
    timer.cancel();
    if (early !== undefined) return early;
    const second = this.#startHedge();
    if (second === undefined) return first.ended;
    this.#hedge = second;
    const earlier = await Promise.race([first.ended, second.ended]);
    const other = earlier.run === first ? second : first;
    if (!earlier.ok && (mayRetry(earlier.failure, true) || mayGoElsewhere(earlier.failure))) return other.ended;
    other.stop(cancelled('another attempt answered first'));
    return earlier;
  }

  #startHedge(): AttemptRun<T> | undefined {
    const { budget, clock, gates, numbers } = this.#services;
    if (this.#stopped !== undefined || this.#services.barred() !== undefined) return undefined;
    const now = clock.now();
    if (this.#remainingMs(now) < numbers.deadline.minAttemptMs) return undefined;
    const target = this.#choose(now, false, this.#tried);
    // A second guess must not be the one call that a half-open breaker lets through.
    if (target === undefined || !target.breaker.closed) return undefined;
    const gate = gates.of(target.endpoint.priority);
    if (!gate.tryEnter()) return undefined;
    if (budget.withdraw(now)) return this.#begin({ ok: true, target, gate, now });
    gate.leave();
    return undefined;
  }

  /** Milliseconds to wait before the next attempt; undefined when there must be none. Takes from the budget, unless free. */
  #retryDelay(failure: UpstreamFailure): number | undefined {
    const { budget, chooser, clock, numbers, random } = this.#services;
    const { idempotent, onlyElsewhere, retries } = this.#call;
    const retry = this.#begun - (this.#hedge === undefined ? 0 : 1);
    if (this.#stopped !== undefined || retry > retries) return undefined;
    const now = clock.now();
    const elsewhere = chooser.hasUntried(now, this.#tried);
    const anywhere = mayRetry(failure, idempotent);
    if (!anywhere && !(elsewhere && mayGoElsewhere(failure))) return undefined;
    if (onlyElsewhere === true && !elsewhere) return undefined;
    // Without a wait nothing can change that makes it the same endpoint after all.
    const delayMs = anywhere && onlyElsewhere !== true ? backoffMs(retry, random.next(), numbers.retry) : 0;
    if (this.#remainingMs(now) < delayMs + numbers.deadline.minAttemptMs) return undefined;
    if (!chooser.available(now)) return undefined;
    // The budget keeps retries from adding load. An attempt that never left has added none, so going elsewhere is free:
    // a refused primary must not fail calls that a healthy backup would serve.
    const free = failure.neverLeft && elsewhere;
    return free || budget.withdraw(now) ? delayMs : undefined;
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#services.clock.setTimer(resolve, ms);
    this.#endWait = () => {
      timer.cancel();
      resolve();
    };
    await promise;
    this.#endWait = undefined;
  }

  #refusal(now: number): UpstreamFailure {
    return this.#services.chooser.refusal(now);
  }

  #succeeded(value: T, target: PoolEndpoint): PoolResult<T> {
    const { endpoint } = target;
    const attempts = this.#attempts;
    if (endpoint.priority === 0) return { ok: true, value, endpoint, attempts };
    const { chooser, clock } = this.#services;
    const failure = this.#lastFailure ?? chooser.whyNotBest(clock.now());
    return { ok: true, value, endpoint, attempts, failure };
  }

  #failed(failure: UpstreamFailure): PoolResult<T> {
    const { chooser, clock } = this.#services;
    const now = clock.now();
    const retryAfterMs =
      failure.retryAfterMs ?? (chooser.available(now) ? undefined : chooser.refusal(now).retryAfterMs);
    const result = { ok: false, failure, attempts: this.#attempts } as const;
    return retryAfterMs === undefined ? result : { ...result, retryAfterMs };
  }
}
