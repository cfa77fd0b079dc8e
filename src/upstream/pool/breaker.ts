import type { Clock, Random } from '../../runtime/index.ts';
import type { BreakerStateName } from '../types.ts';
import type { PoolNumbers } from './numbers.ts';
import { RollingCounts } from './rolling-counts.ts';

/** The breaker of one endpoint. `openings` is how often it opened in a row before this state. */
export type BreakerState =
  | { readonly name: 'CLOSED'; readonly since: number; readonly openings: number; failuresInRow: number }
  | { readonly name: 'OPEN'; readonly until: number; readonly openings: number; trustsProbes: boolean }
  | {
      readonly name: 'HALF_OPEN';
      readonly openings: number;
      readonly trustsProbes: boolean;
      /** The one call that may go out is out. */
      calling: boolean;
      successes: number;
    };

/** What a call says about the endpoint; `ignored` says nothing (cancelled, asked to slow down). */
export type CallVerdict = 'success' | 'failure' | 'ignored';

/** Shows which state of the breaker a call was let through in. 0: it was not. */
export type Permit = number;

/**
 * Lets calls through to one endpoint, or not. A verdict counts only in the state its call began in,
 * so a late answer never closes or opens a breaker that has moved on. Only failures open it.
 */
export class Breaker {
  readonly #numbers: PoolNumbers['breaker'];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onChange: (from: BreakerStateName, to: BreakerStateName) => void;
  readonly #counts: RollingCounts;
  #state: BreakerState;
  #generation: Permit = 1;

  constructor(
    numbers: PoolNumbers['breaker'],
    clock: Clock,
    random: Random,
    onChange: (from: BreakerStateName, to: BreakerStateName) => void,
  ) {
    this.#numbers = numbers;
    this.#clock = clock;
    this.#random = random;
    this.#onChange = onChange;
    this.#counts = new RollingCounts(Math.max(numbers.rateWindowMs, numbers.successWindowMs), numbers.bucketMs);
    this.#state = { name: 'CLOSED', since: clock.now(), openings: 0, failuresInRow: 0 };
  }

  get state(): Readonly<BreakerState> {
    return this.#state;
  }

  /** Everybody may call. */
  get closed(): boolean {
    return this.#state.name === 'CLOSED';
  }

  /** One call is wanted to find out whether the endpoint is back. */
  wantsTrial(now: number): boolean {
    const state = this.#state;
    return state.name === 'OPEN' ? now >= state.until : state.name === 'HALF_OPEN' && !state.calling;
  }

  /** Milliseconds until a call may be let through; undefined when that depends on the call that is out. */
  waitMs(now: number): number | undefined {
    const state = this.#state;
    if (state.name === 'OPEN') return Math.max(0, state.until - now);
    return state.name === 'HALF_OPEN' && state.calling ? undefined : 0;
  }

  tryAcquire(now: number): Permit {
    const state = this.#state;
    switch (state.name) {
      case 'CLOSED':
        return this.#generation;
      case 'OPEN': {
        if (now < state.until) return 0;
        const { openings, trustsProbes } = state;
        this.#enter({ name: 'HALF_OPEN', openings, trustsProbes, calling: true, successes: 0 });
        return this.#generation;
      }
      case 'HALF_OPEN':
        if (state.calling) return 0;
        state.calling = true;
        return this.#generation;
      default: {
        const never: never = state;
        return never;
      }
    }
  }

  /** Ends what tryAcquire began; must be called once for each permit. */
  record(permit: Permit, verdict: CallVerdict, now = this.#clock.now()): void {
    if (permit !== this.#generation) return;
    const state = this.#state;
    switch (state.name) {
      case 'CLOSED':
        if (verdict !== 'ignored') this.#recordClosed(state, verdict === 'failure', now);
        return;
      case 'OPEN':
        return;
      case 'HALF_OPEN':
        state.calling = false;
        if (verdict === 'failure') this.#open(state.openings, state.trustsProbes);
        else if (verdict === 'success' && ++state.successes >= this.#numbers.halfOpenSuccesses) {
          this.#close(state.openings);
        }
        return;
      default: {
        const never: never = state;
        throw new TypeError(`There is no breaker state ${String(never)}.`);
      }
    }
  }

  /**
   * An active probe succeeded: the ejection ends, and calls are tried one at a time.
   * It ends only once by a probe: when calls fail all the same (a port that accepts, a service that answers 500),
   * the probe does not see what is wrong, and the next terms are served in full until a probe fails too.
   */
  probeSucceeded(): void {
    const state = this.#state;
    if (state.name !== 'OPEN' || !state.trustsProbes) return;
    this.#enter({
      name: 'HALF_OPEN',
      openings: state.openings,
      trustsProbes: false,
      calling: false,
      successes: 0,
    });
  }

  /** An active probe failed: probes see what is wrong, so their next success is news. */
  probeFailed(): void {
    if (this.#state.name === 'OPEN') this.#state.trustsProbes = true;
  }

  /** Closes by hand and forgets everything. */
  reset(): void {
    this.#close(0);
  }

  #recordClosed(state: BreakerState & { readonly name: 'CLOSED' }, failed: boolean, now: number): void {
    this.#counts.add(now, failed);
    if (!failed) {
      state.failuresInRow = 0;
      return;
    }
    state.failuresInRow++;
    if (!this.#shouldOpen(now, state.failuresInRow)) return;
    this.#open(now - state.since >= this.#numbers.forgiveAfterMs ? 0 : state.openings, true);
  }

  #shouldOpen(now: number, failuresInRow: number): boolean {
    const numbers = this.#numbers;
    if (failuresInRow >= numbers.failuresInRow) return true;
    const rate = this.#counts.sum(now, numbers.rateWindowMs);
    if (rate.calls >= numbers.rateMinCalls && rate.failures >= numbers.rateFailureShare * rate.calls) return true;
    const { calls, failures } = this.#counts.sum(now, numbers.successWindowMs);
    return calls >= numbers.successMinCalls && calls - failures < numbers.successMinShare * calls;
  }

  #open(openings: number, trustsProbes: boolean): void {
    const { openMs, openMaxMs, openJitter } = this.#numbers;
    const jitter = 1 + openJitter * (2 * this.#random.next() - 1);
    const termMs = Math.min(openMaxMs, openMs * 2 ** openings) * jitter;
    this.#enter({ name: 'OPEN', until: this.#clock.now() + termMs, openings: openings + 1, trustsProbes });
  }

  #close(openings: number): void {
    this.#counts.clear();
    this.#enter({ name: 'CLOSED', since: this.#clock.now(), openings, failuresInRow: 0 });
  }

  #enter(next: BreakerState): void {
    const from = this.#state.name;
    this.#state = next;
    this.#generation++;
    if (from !== next.name) this.#onChange(from, next.name);
  }
}
