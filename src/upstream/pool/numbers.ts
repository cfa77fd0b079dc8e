/**
 * Every number of the pool, with its unit and where it comes from. Milliseconds unless said otherwise.
 * The defaults are the project's; tests, and sources with special needs, lay their own over them.
 */
export interface PoolNumbers {
  readonly breaker: {
    /** Opens when at least `rateFailureShare` of at least `rateMinCalls` calls in `rateWindowMs` failed. */
    readonly rateWindowMs: number;
    readonly rateMinCalls: number;
    readonly rateFailureShare: number;
    /** Opens after this many failures in a row. */
    readonly failuresInRow: number;
    /** Opens when less than `successMinShare` of at least `successMinCalls` calls in `successWindowMs` succeeded. */
    readonly successWindowMs: number;
    readonly successMinCalls: number;
    readonly successMinShare: number;
    /** Windows are counted in buckets of this width, so they are this much coarse. */
    readonly bucketMs: number;
    /** First opening; doubles with each opening in a row up to `openMaxMs`, then +-`openJitter` (a share). */
    readonly openMs: number;
    readonly openMaxMs: number;
    readonly openJitter: number;
    /** Successes in a row, one call at a time, that close a half-open breaker. */
    readonly halfOpenSuccesses: number;
    /** A breaker that stayed closed this long starts again at `openMs`; sooner it goes on doubling. */
    readonly forgiveAfterMs: number;
  };
  readonly activeHealth: {
    readonly intervalMs: number;
    /** While the endpoint is down or its breaker is not closed. */
    readonly downIntervalMs: number;
    /** Share of the interval by which each wait is made longer or shorter. */
    readonly jitter: number;
    readonly timeoutMs: number;
    /** Failed probes in a row that take an endpoint down. */
    readonly failuresDown: number;
    /** Successful probes in a row that bring it up again. */
    readonly successesUp: number;
  };
  readonly balancing: {
    /** A level keeps all traffic while this times its healthy share is at least one (Envoy: 140 %). */
    readonly overprovisioning: number;
    /** Time constant of the latency average, and of forgetting an endpoint that gets no calls. */
    readonly latencyDecayMs: number;
    /** Latencies below this are taken for equal to it: differences there are noise. */
    readonly latencyFloorMs: number;
    /** Costs within this ratio are a tie, which the weights decide. */
    readonly tieRatio: number;
    /** After a recovery an endpoint's weight grows from `slowStartShare` of it to all of it in this time. */
    readonly slowStartMs: number;
    readonly slowStartShare: number;
    /** Levels with fewer endpoints never panic. */
    readonly panicMinEndpoints: number;
    /** Healthy share below which a level may panic (Envoy: 50 %). */
    readonly panicBelowShare: number;
  };
  readonly retry: {
    /** The wait before retry n is uniform in [0, min(maxMs, baseMs * (2^n - 1))) (Envoy's full jitter). */
    readonly baseMs: number;
    readonly maxMs: number;
    /** Tokens a call earns for the source; a retry or a hedge costs one. */
    readonly tokensPerCall: number;
    readonly tokensMax: number;
    /** Retries a second that are allowed even without tokens. */
    readonly floorPerSecond: number;
  };
  readonly deadline: {
    /** With less than this left, no attempt is started. */
    readonly minAttemptMs: number;
    /** An attempt cut by the deadline speaks against the endpoint only when it had at least this long. */
    readonly fairAttemptMs: number;
  };
  readonly concurrency: {
    /** Calls in flight to a level that its gradient limit begins with, and its bounds. */
    readonly start: number;
    readonly min: number;
    readonly max: number;
    /** Latency may grow to this times the long-term one before the limit shrinks (Netflix Gradient2). */
    readonly tolerance: number;
    /** Share of each step down that is taken (Netflix Gradient2). */
    readonly smoothing: number;
    /** A step is taken after this long and this many samples. */
    readonly windowMs: number;
    readonly windowSamples: number;
    /** Latencies below this are taken for equal to it. */
    readonly latencyFloorMs: number;
    /** Longest wait for a place. */
    readonly queueWaitMs: number;
    /** Longest wait while somebody waited in vain within the last `queueWaitMs` (Facebook's controlled delay). */
    readonly queueWaitOverloadedMs: number;
  };
}

export const POOL_NUMBERS: PoolNumbers = {
  breaker: {
    rateWindowMs: 10_000,
    rateMinCalls: 20,
    rateFailureShare: 0.5,
    failuresInRow: 5,
    successWindowMs: 30_000,
    successMinCalls: 5,
    successMinShare: 0.8,
    bucketMs: 1_000,
    openMs: 5_000,
    openMaxMs: 60_000,
    openJitter: 0.2,
    halfOpenSuccesses: 3,
    forgiveAfterMs: 60_000,
  },
  activeHealth: {
    intervalMs: 5_000,
    downIntervalMs: 1_000,
    jitter: 0.2,
    timeoutMs: 1_000,
    failuresDown: 3,
    successesUp: 2,
  },
  balancing: {
    overprovisioning: 1.4,
    latencyDecayMs: 10_000,
    latencyFloorMs: 1,
    tieRatio: 1.1,
    slowStartMs: 30_000,
    slowStartShare: 0.1,
    panicMinEndpoints: 3,
    panicBelowShare: 0.5,
  },
  retry: { baseMs: 25, maxMs: 250, tokensPerCall: 0.2, tokensMax: 100, floorPerSecond: 3 },
  deadline: { minAttemptMs: 10, fairAttemptMs: 1_000 },
  concurrency: {
    start: 20,
    min: 4,
    max: 200,
    tolerance: 1.5,
    smoothing: 0.2,
    windowMs: 250,
    windowSamples: 10,
    latencyFloorMs: 2,
    queueWaitMs: 100,
    queueWaitOverloadedMs: 10,
  },
};

/** Numbers to lay over the defaults, group by group. */
export type PoolNumberOverrides = { readonly [Group in keyof PoolNumbers]?: Partial<PoolNumbers[Group]> };

export function layPoolNumbers(over: PoolNumberOverrides = {}): PoolNumbers {
  return {
    breaker: { ...POOL_NUMBERS.breaker, ...over.breaker },
    activeHealth: { ...POOL_NUMBERS.activeHealth, ...over.activeHealth },
    balancing: { ...POOL_NUMBERS.balancing, ...over.balancing },
    retry: { ...POOL_NUMBERS.retry, ...over.retry },
    deadline: { ...POOL_NUMBERS.deadline, ...over.deadline },
    concurrency: { ...POOL_NUMBERS.concurrency, ...over.concurrency },
  };
}
