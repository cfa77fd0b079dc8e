import { sourceTag } from '../../cache/index.ts';
import type { Outcome } from '../outcome.ts';
import type { ClimbServices } from './climb.ts';
import { failures } from './failures.ts';
import { type Fetched, type FetchPlan, fetchAnswer } from './fetch.ts';
import { lastMoment } from './flight.ts';
import { failedOutcome, fetchedOutcome, NO_ATTEMPTS } from './outcomes.ts';
import { deadlineOf, type OperationRules } from './rules.ts';
import type { LadderCall } from './types.ts';

/**
 * A mutation climbs two rungs: an endpoint, or a failure. It is never cached, never joined, never answered by an
 * older answer or a fallback, and retried only with an idempotency key or when it provably did not leave.
 * What was read of its source before is fresh no more as soon as it is answered, also when nobody knows whether it
 * arrived; it stays for the day the upstream is gone.
 */
export async function mutate(
  services: ClimbServices,
  call: LadderCall,
  rules: OperationRules,
  startedAt: number,
): Promise<Outcome> {
  const { clock, pool, flights, servedBy, cache, backoff, source } = services;
  const { context } = call;
  const deadline = deadlineOf(context, rules, startedAt);
  const base = (attempts = NO_ATTEMPTS) => {
    return { durationMs: clock.now() - startedAt, attempts, cache: 'BYPASS' } as const;
  };
  if (context.signal.aborted) return failedOutcome(failures.cancelled(), base());
  if (pool.availability() === 'paused' || services.isPaused()) return failedOutcome(failures.paused(), base());
  if (deadline <= clock.now()) return failedOutcome(failures.deadline(deadline - startedAt), base());
  if (!context.takeUpstreamCall()) return failedOutcome(failures.budget(), base());

  const invalidate = (): void => {
    cache.expireTags([sourceTag(source)]);
    context.noteWrite?.(source, clock.now());
  };
  const plan: FetchPlan = {
    call,
    rules,
    deadline,
    idempotent: carriesKey(call, rules),
    onlyElsewhere: false,
    preferEndpoint: servedBy.get(context),
    ticket: undefined,
    held: undefined,
    onEnd: (fetched) => {
      // Also when the caller has stopped waiting: what was read meanwhile may be from before the change.
      if (mayHaveChanged(fetched)) invalidate();
      // Who answers a write can be asked again: nothing expired is to be served for a failure from before it.
      if (fetched.ok) backoff.clear();
    },
  };
  const flight = flights.start({
    text: undefined,
    ticket: undefined,
    deadline,
    call: (cancellation, land) => fetchAnswer(services, plan, cancellation, land),
  });
  const waited = await flight.wait(lastMoment(flight, deadline), context.signal, 'leave');
  if (waited.kind !== 'landed') {
    invalidate();
    const failure = waited.kind === 'late' ? failures.deadline(deadline - startedAt) : failures.cancelled();
    return failedOutcome(failure, base());
  }
  const { result } = waited;
  if (!result.ok) return failedOutcome(result.failure, base(result.attempts), result.retryAfterMs);
  servedBy.note(context, result.endpoint);
  return fetchedOutcome(result, clock.now() - startedAt, 'BYPASS');
}

/** RFC 9111 section 4.4, and beyond it every end that leaves open what happened. A 4xx is a clear no. */
function mayHaveChanged(fetched: Fetched): boolean {
  if (fetched.ok) return true;
  return fetched.mayHaveArrived && fetched.failure.code !== 'UPSTREAM_REJECTED';
}

function carriesKey(call: LadderCall, rules: OperationRules): boolean {
  if (call.carriesIdempotencyKey !== undefined) return call.carriesIdempotencyKey;
  return rules.idempotencyHeader !== undefined && call.context.headers[rules.idempotencyHeader] !== undefined;
}
