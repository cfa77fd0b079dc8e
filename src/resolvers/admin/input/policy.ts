import type { Problem } from '../../../errors/index.ts';
import type { Policy as PolicyType } from '../../../schema/admin/index.ts';
import type { CachePolicy, Fallback, HealthCheckPolicy, Policy } from '../../../sources/index.ts';
import { onlyGiven } from './given.ts';

const YEAR_SECONDS = 31_536_000;
const HOUR_MS = 3_600_000;

/** Inclusive. Wide enough for any use that makes sense; what is outside is a slip, such as seconds for milliseconds. */
const RANGES = {
  deadlineMs: [1, HOUR_MS],
  attemptTimeoutMs: [1, HOUR_MS],
  softTimeoutMs: [0, HOUR_MS],
  retries: [0, 10],
  reconnects: [0, 1000],
  hedgeAfterMs: [1, HOUR_MS],
  maxConcurrency: [1, 10_000],
  followRedirects: [0, 10],
  firstTokenMs: [1, HOUR_MS],
  nextTokenMs: [1, HOUR_MS],
  maxOutputTokens: [1, 1_000_000],
  'cache.ttlSeconds': [0, YEAR_SECONDS],
  'cache.staleSeconds': [0, YEAR_SECONDS],
  'cache.negativeTtlSeconds': [0, YEAR_SECONDS],
  'healthCheck.intervalSeconds': [1, 86_400],
} as const satisfies Record<string, readonly [number, number]>;

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;

/** A policy as the sources know it. What is wrong with it is added to `problems`, under `path`. */
export function readPolicy(input: PolicyType | null | undefined, path: string, problems: Problem[]): Policy {
  if (input === null || input === undefined) return {};
  const { cache, fallback, healthCheck, ...plain } = input;
  const policy = onlyGiven(plain);
  const add = (field: string, message: string): void => void problems.push({ path: `${path}.${field}`, message });

  const numbers: Readonly<Record<string, unknown>> = {
    ...policy,
    'cache.ttlSeconds': cache?.ttlSeconds,
    'cache.staleSeconds': cache?.staleSeconds,
    'cache.negativeTtlSeconds': cache?.negativeTtlSeconds,
    'healthCheck.intervalSeconds': healthCheck?.intervalSeconds,
  };
  for (const [field, [least, most]] of Object.entries(RANGES)) {
    const value = numbers[field];
    if (typeof value !== 'number' || (value >= least && value <= most)) continue;
    add(field, `Expected a number from ${least} to ${most}; got ${value}.`);
  }
  for (const field of ['idempotencyHeader', 'deadlineHeader'] as const) {
    const value = policy[field];
    if (value !== undefined && !TOKEN.test(value)) add(field, `Expected a header's name; got ${JSON.stringify(value)}`);
  }
  return {
    ...policy,
    ...(cache ? { cache: readCache(cache, add) } : {}),
    ...(fallback ? { fallback: readFallback(fallback, add) } : {}),
    ...(healthCheck ? { healthCheck: readHealthCheck(healthCheck, add) } : {}),
  };
}

type Add = (field: string, message: string) => void;

function readCache(input: NonNullable<PolicyType['cache']>, add: Add): CachePolicy {
  const cache = onlyGiven(input);
  const tags = cache.tags ?? [];
  if (tags.length > MAX_TAGS) add('cache.tags', `Expected at most ${MAX_TAGS} tags; got ${tags.length}.`);
  for (const [index, tag] of tags.entries()) {
    if (tag.length > 0 && tag.length <= MAX_TAG_LENGTH) continue;
    add(`cache.tags.${index}`, `Expected 1 to ${MAX_TAG_LENGTH} characters; got ${tag.length}.`);
  }
  return cache;
}

function readHealthCheck(input: NonNullable<PolicyType['healthCheck']>, add: Add): HealthCheckPolicy {
  const healthCheck = onlyGiven(input);
  if (healthCheck.path !== undefined && !healthCheck.path.startsWith('/')) {
    add('healthCheck.path', `Expected a path that begins with /; got ${JSON.stringify(healthCheck.path)}.`);
  }
  return healthCheck;
}

/** A constant null is a fallback too: it is there when the field is, whatever its value. */
function readFallback(input: NonNullable<PolicyType['fallback']>, add: Add): Fallback {
  const hasValue = input.value !== undefined;
  const { operation } = input;
  const args = input.arguments;
  if (hasValue === (operation !== undefined && operation !== null)) {
    add('fallback', `Expected exactly one of value and operation; got ${hasValue ? 'both' : 'neither'}.`);
  }
  if (operation === undefined || operation === null) {
    if (args !== undefined && args !== null)
      add('fallback.arguments', 'Expected only beside operation; got without it.');
    return { value: input.value };
  }
  if (args !== undefined && args !== null && (typeof args !== 'object' || Array.isArray(args))) {
    add('fallback.arguments', `Expected an object of arguments; got ${JSON.stringify(args)?.slice(0, 100)}.`);
  }
  return { operation, arguments: { ...(args as Record<string, unknown> | null | undefined) } };
}
