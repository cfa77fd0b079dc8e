import type { CacheEntry, CacheKey, CacheLookup } from '../../cache/index.ts';
import type { UpstreamFailure } from '../../errors/index.ts';
import type { AttemptRecord, Outcome } from '../outcome.ts';
import type { Backoff } from './backoff.ts';
import { failures, isOutage } from './failures.ts';
import { fallBack } from './fallback.ts';
import { type Fetched, type FetchPlan, fetchAnswer } from './fetch.ts';
import { type Flight, lastMoment } from './flight.ts';
import type { Flights } from './flights.ts';
import { flightText } from './keys.ts';
import { failedOutcome, fetchedOutcome, isBeforeWrite, NO_ATTEMPTS } from './outcomes.ts';
import { deadlineOf, type OperationRules } from './rules.ts';
import type { ServedBy } from './served-by.ts';
import type { LadderServices } from './services.ts';
import type { LadderCall } from './types.ts';

/** What the climbs of one source share. */
export interface ClimbServices extends LadderServices {
  readonly flights: Flights<Fetched>;
  readonly backoff: Backoff;
  readonly servedBy: ServedBy;
  readonly isPaused: () => boolean;
  /** What becomes of a call that a bug has ended. */
  readonly broken: (call: LadderCall, startedAt: number, error: unknown) => Outcome;
}

type CacheWord = Outcome['cache'];

/** One query that rung 1 did not end: rungs 2 to 6. */
export class Climb {
  readonly #services: ClimbServices;
  readonly #call: LadderCall;
  readonly #rules: OperationRules;
  /** undefined: the operation's answers are not kept. */
  readonly #key: CacheKey | undefined;
  readonly #startedAt: number;
  readonly #deadline: number;
  /** What the cache has, however old: to be confirmed by the upstream. */
  readonly #held: CacheEntry | undefined;
  /** The same, if this caller may be given it. */
  readonly #stale: CacheEntry | undefined;
  /** Equal for callers that may share a call; undefined: nobody does. */
  readonly #flightText: string | undefined;
  #word: CacheWord;

  constructor(
    services: ClimbServices,
    call: LadderCall,
    rules: OperationRules,
    key: CacheKey | undefined,
    found: CacheLookup,
    startedAt: number,
  ) {
    this.#services = services;
    this.#call = call;
    this.#rules = rules;
    this.#key = key;
    this.#startedAt = startedAt;
    this.#deadline = deadlineOf(call.context, rules, startedAt);
    this.#held = found.state === 'none' || found.entry.value === undefined ? undefined : found.entry;
    this.#stale = this.#mayServe(this.#held) ? this.#held : undefined;
    this.#flightText = key === undefined ? undefined : flightText(key, call);
    if (key === undefined) this.#word = 'BYPASS';
    else this.#word = found.state === 'none' ? 'MISS' : 'STALE';
  }

  async run(): Promise<Outcome> {
    try {
      const known = this.#beforeAsking();
      if (known !== undefined) return await known;
      for (;;) {
        const flight = this.#board();
        if (flight === undefined) return await this.#descend(failures.budget(), NO_ATTEMPTS);
        const softUntil = this.#startedAt + this.#rules.softTimeoutMs;
        const soft = softUntil < this.#deadline && this.#maySlownessBeAnswered();
        const until = soft ? softUntil : lastMoment(flight, this.#deadline);
        const waited = await flight.wait(until, this.#call.context.signal, soft ? 'stay' : 'leave');
        if (waited.kind === 'left') return this.#fail(failures.cancelled(), NO_ATTEMPTS);
        if (waited.kind === 'late') return await this.#tooLate(soft);
        const { result } = waited;
        if (result.ok) return this.#served(result);
        if (this.#ranOutForOthers(flight)) continue;
        return await this.#descend(result.failure, result.attempts, result.retryAfterMs);
      }
    } catch (error: unknown) {
      return this.#services.broken(this.#call, this.#startedAt, error);
    }
  }

  #beforeAsking(): Outcome | Promise<Outcome> | undefined {
    if (this.#call.context.signal.aborted) return this.#fail(failures.cancelled(), NO_ATTEMPTS);
    const tooEarly = this.#whyNotAsk();
    if (tooEarly !== undefined) return this.#descend(tooEarly, NO_ATTEMPTS);
    if (this.#stale !== undefined && this.#maySkipWaiting(this.#stale)) return this.#serveStale(this.#stale, undefined);
    return undefined;
  }

  /** What is known already to make asking useless, or unkind. Whoever may not be given stale data asks all the same. */
  #whyNotAsk(): UpstreamFailure | undefined {
    const { backoff, pool, isPaused, clock } = this.#services;
    const availability = pool.availability();
    if (availability === 'paused' || isPaused()) return failures.paused();
    if (this.#deadline <= clock.now()) return failures.deadline(this.#deadline - this.#startedAt);
    if (this.#stale === undefined || this.#flightText === undefined) return undefined;
    const recent = backoff.find(this.#flightText);
    if (recent !== undefined) return recent;
    if (availability !== 'down') return undefined;
    this.#refreshBehind();
    return failures.down();
  }

  /** stale-while-revalidate (RFC 5861 section 3): served at once, refreshed behind. */
  #maySkipWaiting(stale: CacheEntry): boolean {
    const until = stale.staleWhileRevalidateUntil;
    if (until === undefined || until <= this.#services.clock.now()) return false;
    this.#refreshBehind();
    return true;
  }

  /** Somebody with less time than this caller made the call: it ended at their deadline, not at ours. */
  #ranOutForOthers({ boarding }: Flight<Fetched>): boolean {
    const now = this.#services.clock.now();
    return boarding.deadline < this.#deadline && now >= boarding.deadline && now < this.#deadline;
  }

  #tooLate(soft: boolean): Promise<Outcome> {
    const { softTimeoutMs } = this.#rules;
    const slow = soft ? failures.slow(softTimeoutMs) : failures.deadline(this.#deadline - this.#startedAt);
    return this.#descend(slow, NO_ATTEMPTS);
  }

  /**
   * An answer that somebody declared to be good for a while may be given a little later. One that nobody did would be
   * all that an upstream which always takes its time is ever heard of, and one from before a write is known to be old.
   */
  #maySlownessBeAnswered(): boolean {
    if (this.#stale === undefined || this.#stale.overtaken === true) return false;
    return this.#stale.declared === true || this.#rules.softTimeoutGiven;
  }

  /** A seat in the call that is under way, or in a new one; undefined when the request may make no more calls. */
  #board(): Flight<Fetched> | undefined {
    const { flights, source } = this.#services;
    const notBefore = this.#call.context.notOlderThan?.[source] ?? -Infinity;
    const joined = this.#flightText === undefined ? undefined : flights.find(this.#flightText, notBefore);
    if (joined !== undefined) {
      this.#word = 'JOINED';
      return joined;
    }
    return this.#call.context.takeUpstreamCall() ? this.#depart() : undefined;
  }

  #refreshBehind(): void {
    const { flights } = this.#services;
    if (this.#flightText === undefined || flights.has(this.#flightText)) return;
    if (this.#call.context.takeUpstreamCall()) this.#depart().goOnBehind();
  }

  #depart(): Flight<Fetched> {
    const { flights, cache, servedBy, clock } = this.#services;
    const call = this.#call;
    const rules = this.#rules;
    const ticket = this.#key === undefined ? undefined : cache.ticket(this.#key, rules.tags);
    // A refresh behind may outlive the request; a call that is waited for ends with the first who asked.
    const deadline = this.#stale === undefined ? this.#deadline : clock.now() + rules.deadlineMs;
    const plan: FetchPlan = {
      call,
      rules,
      deadline,
      idempotent: call.operation.idempotent,
      // With a good answer at hand nobody waits for an endpoint to think better of it.
      onlyElsewhere: this.#maySlownessBeAnswered(),
      preferEndpoint: servedBy.get(call.context),
      onAttempt: (endpoint: number) => servedBy.noteFirst(call.context, endpoint),
      ticket,
      held: this.#held,
      onEnd: (fetched, cancelled) => this.#learn(fetched, cancelled),
    };
    return flights.start({
      text: this.#flightText,
      ticket,
      deadline,
      call: (cancellation, land) => fetchAnswer(this.#services, plan, cancellation, land),
    });
  }

  /** Whether the key is better left alone for a while. */
  #learn(fetched: Fetched, cancelled: boolean): void {
    const { backoff } = this.#services;
    const text = this.#flightText;
    if (text === undefined) return;
    if (fetched.ok) backoff.succeeded(text);
    else if (isOutage(fetched.failure) && !cancelled) backoff.failed(text, fetched.failure, fetched.retryAfterMs);
  }

  #served(fetched: Extract<Fetched, { ok: true }>): Outcome {
    this.#services.servedBy.note(this.#call.context, fetched.endpoint);
    return fetchedOutcome(fetched, this.#elapsed(), this.#word);
  }

  /** Rungs 4, 5 and 6. */
  async #descend(
    failure: UpstreamFailure,
    attempts: readonly AttemptRecord[],
    retryAfterMs = failure.retryAfterMs,
  ): Promise<Outcome> {
    const outage = isOutage(failure);
    // Out of budget is nobody's fault: what is at hand may be given, but nothing is run in its place.
    if ((outage || failure.code === 'BUDGET_EXCEEDED') && this.#mayServe(this.#stale)) {
      return this.#serveStale(this.#stale, failure, attempts);
    }
    const fallen = outage ? await fallBack(this.#services.source, this.#call, this.#rules, failure) : undefined;
    if (fallen === undefined) return this.#fail(failure, attempts, retryAfterMs);
    const { value, ageMs } = fallen;
    const all = [...attempts, ...fallen.attempts];
    return {
      kind: 'FALLBACK',
      value,
      ageMs,
      durationMs: this.#elapsed(),
      attempts: all,
      cache: this.#word,
      failure,
    };
  }

  #serveStale(entry: CacheEntry, failure: UpstreamFailure | undefined, attempts = NO_ATTEMPTS): Outcome {
    const ageMs = Math.max(0, this.#services.clock.now() - entry.storedAt);
    const base = { value: entry.value, ageMs, durationMs: this.#elapsed(), attempts, cache: 'STALE' } as const;
    return { kind: 'STALE', ...base, ...(failure === undefined ? {} : { failure }) };
  }

  #fail(failure: UpstreamFailure, attempts: readonly AttemptRecord[], retryAfterMs?: number): Outcome {
    return failedOutcome(failure, { durationMs: this.#elapsed(), attempts, cache: this.#word }, retryAfterMs);
  }

  /** Within its grace, within what the client accepts, and not from before the client's own last write. */
  #mayServe(entry: CacheEntry | undefined): entry is CacheEntry {
    if (entry === undefined) return false;
    const { context } = this.#call;
    const now = this.#services.clock.now();
    if (isBeforeWrite(entry, context, this.#services.source)) return false;
    if (entry.freshUntil > now) return true; // it was passed over only for its age, and that was checked
    if (entry.staleUntil <= now) return false;
    return context.maxStaleMs === undefined || now - entry.freshUntil < context.maxStaleMs;
  }

  #elapsed(): number {
    return this.#services.clock.now() - this.#startedAt;
  }
}
