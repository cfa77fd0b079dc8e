import { type CacheEntry, type StoreTicket, varyNames } from '../../cache/index.ts';
import { UpstreamFailure } from '../../errors/index.ts';
import type { Cancellation } from '../../runtime/index.ts';
import type { Attempt, PoolAttempt, PoolCall, PoolResult } from '../../upstream/index.ts';
import type { AttemptRecord } from '../outcome.ts';
import { failures } from './failures.ts';
import { keepAnswer, keepGone } from './keep.ts';
import { keyNow } from './keys.ts';
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
  /** Told once what came of it, and whether it had been cancelled before. */
  readonly onEnd: (fetched: Fetched, cancelled: boolean) => void;
  /** For keeping the answer; undefined: it is not kept. */
  readonly ticket: StoreTicket | undefined;
  /** What is kept so far, to be confirmed. */
  readonly held: CacheEntry | undefined;
}

/**
 * Rungs 2 and 3: the pool's endpoints, primaries first. Stores what may be kept. Tells `land` once what came of it, and
 * never throws.
 */
export function fetchAnswer(
  services: LadderServices,
  plan: FetchPlan,
  cancellation: Cancellation,
  land: (fetched: Fetched) => void,
): void {
  const end = (fetched: Fetched): void => {
    plan.onEnd(fetched, cancellation.aborted);
    land(fetched);
  };
  services.pool.call(poolCall(plan, cancellation)).then(
    (result) => end(read(services, plan, result)),
    (error: unknown) => end(broken(error)),
  );
}

function read(services: LadderServices, plan: FetchPlan, result: PoolResult<Answer>): Fetched {
  try {
    return result.ok ? answered(services, plan, result) : failed(services, plan, result);
  } catch (error: unknown) {
    return broken(error, attemptRecords(result.attempts));
  }
}

function broken(error: unknown, attempts = NO_ATTEMPTS): Fetched {
  return {
    ok: false,
    failure: error instanceof UpstreamFailure ? error : failures.broken(error),
    attempts,
    retryAfterMs: undefined,
    mayHaveArrived: true,
  };
}

function poolCall(plan: FetchPlan, signal: Cancellation): PoolCall<Answer> {
  const { call, rules, idempotent } = plan;
  return {
    attempt: attemptOf(plan),
    idempotent,
    onlyElsewhere: plan.onlyElsewhere,
    deadline: plan.deadline,
    attemptTimeoutMs: rules.attemptTimeoutMs,
    retries: rules.retries,
    hedgeAfterMs: idempotent && call.operation.kind === 'query' ? rules.hedgeAfterMs : undefined,
    signal,
    preferEndpoint: plan.preferEndpoint,
    together: call.together,
  };
}

function attemptOf({ call, held, onAttempt }: FetchPlan): Attempt<Answer> {
  const revalidation = revalidationOf(held);
  return (context) => {
    onAttempt?.(context.endpoint.number);
    return call.attempt(context, revalidation);
  };
}

function answered(
  services: LadderServices,
  plan: FetchPlan,
  result: Extract<PoolResult<Answer>, { ok: true }>,
): Fetched {
  const answer = result.value;
  const { ticket, held, call, rules } = plan;
  const { cache, random, clock, vary } = services;
  if (answer.status === 304 && revalidationOf(held) === undefined) throw failures.uncalledFor304();
  if (ticket !== undefined && vary.learn(call.operation.name, varyNames(answer.headers))) {
    const receivedAt = clock.now();
    const requestedAt = result.attempts.find(isAnswered)?.startedAt ?? receivedAt;
    const key = keyNow(ticket.key, call, vary);
    const keeping = { cache, random, rules, ticket, key, requestedAt, receivedAt };
    keepAnswer(answer, result.endpoint, held, keeping);
  }
  return {
    ok: true,
    value: answer.status === 304 ? held?.value : answer.value,
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
  result: Extract<PoolResult<Answer>, { ok: false }>,
): Fetched {
  const { failure, attempts, retryAfterMs } = result;
  const { ticket, call, rules } = plan;
  const { cache, random, clock, vary } = services;
  if (ticket !== undefined && endsEntry(failure, ticket)) {
    const key = keyNow(ticket.key, call, vary);
    const last = attempts.at(-1);
    const receivedAt = clock.now();
    const requestedAt = last?.startedAt ?? receivedAt;
    const keeping = { cache, random, rules, ticket, key, requestedAt, receivedAt };
    keepGone(failure.status ?? 0, last?.endpoint ?? 0, keeping);
  }
  return {
    ok: false,
    failure,
    attempts: attemptRecords(attempts),
    retryAfterMs: retryAfterMs ?? failure.retryAfterMs,
    mayHaveArrived: attempts.some((attempt: PoolAttempt) => attempt.failure?.neverLeft !== true),
  };
}

function isAnswered({ failure }: PoolAttempt): boolean {
  return failure === undefined;
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
