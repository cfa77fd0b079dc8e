import { type CacheEntry, type CacheKey, type StoreTicket, varyNames } from '../../cache/index.ts';
import { UpstreamFailure } from '../../errors/index.ts';
import type { AttemptContext, EndpointPool, PoolAttempt, PoolResult } from '../../upstream/index.ts';
import type { AttemptRecord } from '../outcome.ts';
import { failures } from './failures.ts';
import { keepAnswer, keepGone } from './keep.ts';
import { attemptRecords, NO_ATTEMPTS } from './outcomes.ts';
import type { OperationRules } from './rules.ts';
import type { LadderServices } from './services.ts';
import type { Answer, LadderCall, Revalidation } from './types.ts';

/** What rungs 2 and 3 brought. The same for everybody who waited. */
export type Fetched =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly backup: boolean;
      readonly endpoint: number;
      readonly attempts: readonly AttemptRecord[];
      readonly failure: UpstreamFailure | undefined;
      readonly figures: Readonly<Record<string, unknown>> | undefined;
    }
  | {
      readonly ok: false;
      readonly failure: UpstreamFailure;
      readonly attempts: readonly AttemptRecord[];
      readonly retryAfterMs: number | undefined;
      /** An attempt may have reached the upstream. */
      readonly mayHaveArrived: boolean;
    };

export interface FetchPlan {
  readonly call: LadderCall;
  readonly rules: OperationRules;
  readonly deadline: number;
  readonly idempotent: boolean;
  /** No endpoint is asked twice. */
  readonly onlyElsewhere: boolean;
  readonly preferEndpoint: number | undefined;
  /** Told the endpoint's number before each attempt. */
  readonly onAttempt?: (endpoint: number) => void;
  /** Where the answer is kept; undefined: nowhere. */
  readonly keep:
    | { readonly ticket: StoreTicket; readonly held: CacheEntry | undefined; readonly key: () => CacheKey }
    | undefined;
}

interface Received {
  readonly answer: Answer;
  readonly requestedAt: number;
}

/** Rungs 2 and 3: the pool's endpoints, primaries first. Stores what may be kept. Never rejects. */
export async function fetchAnswer(services: LadderServices, plan: FetchPlan, signal: AbortSignal): Promise<Fetched> {
  try {
    const { result, requestedAt } = await callPool(services.pool, services, plan, signal);
    return result.ok ? answered(services, plan, result) : failed(services, plan, result, requestedAt);
  } catch (error: unknown) {
    return {
      ok: false,
      failure: error instanceof UpstreamFailure ? error : failures.broken(error),
      attempts: NO_ATTEMPTS,
      retryAfterMs: undefined,
      mayHaveArrived: true,
    };
  }
}

async function callPool(pool: EndpointPool, { clock }: LadderServices, plan: FetchPlan, signal: AbortSignal) {
  const { call, rules, deadline, idempotent, onlyElsewhere, preferEndpoint } = plan;
  const revalidation = revalidationOf(plan.keep?.held);
  const startedAt = clock.now();
  const attempt = async (context: AttemptContext): Promise<Received> => {
    const requestedAt = clock.now();
    plan.onAttempt?.(context.endpoint.number);
    const answer = await call.attempt(context, revalidation);
    if (answer.status === 304 && revalidation === undefined) throw failures.uncalledFor304();
    return { answer, requestedAt };
  };
  const hedges = idempotent && call.operation.kind === 'query' && rules.hedgeAfterMs !== undefined;
  const result = await pool.call({
    attempt,
    idempotent,
    onlyElsewhere,
    deadline,
    attemptTimeoutMs: rules.attemptTimeoutMs,
    retries: rules.retries,
    signal,
    ...(hedges ? { hedgeAfterMs: rules.hedgeAfterMs } : {}),
    ...(preferEndpoint === undefined ? {} : { preferEndpoint }),
    ...(call.together === undefined ? {} : { together: call.together }),
  });
  return { result, requestedAt: startedAt };
}

function answered(
  services: LadderServices,
  plan: FetchPlan,
  result: Extract<PoolResult<Received>, { ok: true }>,
): Fetched {
  const { answer, requestedAt } = result.value;
  const { keep, call, rules } = plan;
  const { cache, random, clock, vary } = services;
  if (keep !== undefined && vary.learn(call.operation.name, varyNames(answer.headers))) {
    const where = { cache, random, rules, ticket: keep.ticket, key: keep.key() };
    keepAnswer(answer, result.endpoint, keep.held, { ...where, requestedAt, receivedAt: clock.now() });
  }
  return {
    ok: true,
    value: answer.status === 304 ? keep?.held?.value : answer.value,
    backup: result.endpoint.priority > 0,
    endpoint: result.endpoint.number,
    attempts: attemptRecords(result.attempts, answer.status),
    failure: result.failure,
    figures: answer.figures,
  };
}

function failed(
  services: LadderServices,
  plan: FetchPlan,
  result: Extract<PoolResult<Received>, { ok: false }>,
  requestedAt: number,
): Fetched {
  const { failure, attempts, retryAfterMs } = result;
  const { keep, rules } = plan;
  const { cache, random, clock } = services;
  if (keep !== undefined && endsEntry(failure, keep.ticket)) {
    const where = { cache, random, rules, ticket: keep.ticket, key: keep.key() };
    keepGone(failure.status ?? 0, attempts.at(-1)?.endpoint ?? 0, { ...where, requestedAt, receivedAt: clock.now() });
  }
  return {
    ok: false,
    failure,
    attempts: attemptRecords(attempts),
    retryAfterMs: retryAfterMs ?? failure.retryAfterMs,
    mayHaveArrived: attempts.some((attempt: PoolAttempt) => attempt.failure?.neverLeft !== true),
  };
}

/** The upstream says that the thing is gone, or not for this caller any more: nobody may be shown it tomorrow. */
function endsEntry(failure: UpstreamFailure, ticket: StoreTicket): boolean {
  if (failure.code !== 'UPSTREAM_REJECTED') return false;
  if (failure.status === 404 || failure.status === 410) return true;
  return ticket.key.scope.kind === 'PRIVATE' && (failure.status === 401 || failure.status === 403);
}

function revalidationOf(held: CacheEntry | undefined): Revalidation | undefined {
  if (held === undefined || (held.etag === undefined && held.lastModified === undefined)) return undefined;
  return {
    ...(held.etag === undefined ? {} : { etag: held.etag }),
    ...(held.lastModified === undefined ? {} : { lastModified: held.lastModified }),
  };
}
