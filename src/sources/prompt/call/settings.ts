import type { PoolNumberOverrides } from '../../../upstream/index.ts';
import { layPolicy, type Policy } from '../../policy.ts';
import type { SourceSettings } from '../../source.ts';

/** Models take their time: what holds for prompts where no policy says otherwise. */
const DEFAULTS = { deadlineMs: 60_000, attemptTimeoutMs: 30_000 } as const;

/**
 * How long a model takes depends more on what it is asked than on its load, so the limit of calls in flight follows
 * latency less closely than for other sources, and a call waits longer for its place than a short one would.
 */
export const POOL_NUMBERS_OF_MODELS: PoolNumberOverrides = {
  concurrency: { start: 40, min: 16, tolerance: 4, queueWaitMs: 5_000, queueWaitOverloadedMs: 1_000 },
  deadline: { fairAttemptMs: 10_000 },
};

/** An answer at temperature 0 is the same tomorrow, unless the vendor changes the model: kept for an hour. */
const REPEATABLE_TTL_SECONDS = 3_600;

/**
 * The settings of a prompt for its ladder. A stream has one attempt's time for all of its pieces, which have timeouts of
 * their own, and is neither hedged nor given up for a stale answer while it comes.
 */
export function settingsOfPrompt(settings: SourceSettings, stream: string, models: number): SourceSettings {
  const policy = layPolicy({ ...DEFAULTS, retries: Math.max(2, models) }, settings.policy);
  const { operationPolicies } = settings;
  const ofStream = Object.hasOwn(operationPolicies, stream) ? operationPolicies[stream] : undefined;
  const wholeMs = ofStream?.deadlineMs ?? policy.deadlineMs ?? DEFAULTS.deadlineMs;
  const whole: Policy = { attemptTimeoutMs: wholeMs, softTimeoutMs: wholeMs, hedgeAfterMs: wholeMs };
  return {
    ...settings,
    policy,
    operationPolicies: { ...operationPolicies, [stream]: { ...ofStream, ...whole } },
  };
}

/** What a policy and a prompt say together of keeping answers: chance is not kept unless the policy says so. */
export function isKept(temperature: number | undefined, { cache }: Policy): boolean {
  return temperature === 0 || (cache?.ttlSeconds ?? 0) > 0 || (cache?.staleSeconds ?? 0) > 0;
}

/** Headers of an answer, as if the vendor had said how long it is good. */
export function freshnessHeaders(temperature: number | undefined): Readonly<Record<string, string>> {
  return temperature === 0 ? { 'cache-control': `max-age=${REPEATABLE_TTL_SECONDS}` } : {};
}
