import type { UpstreamFailure } from '../../../errors/index.ts';
import { type Cancellation, Canceller } from '../../../runtime/index.ts';
import type { AttemptContext, EndpointPool, PoolCall, PoolResult } from '../../../upstream/index.ts';

/** Calls in one sub-request at most: servers limit the root fields and aliases they accept. */
export const MAX_TOGETHER = 25;

interface Waiting {
  readonly call: PoolCall<unknown>;
  readonly resolve: (result: PoolResult<unknown>) => void;
}

/**
 * A pool that makes one call of calls that start in the same tick and say so (`together`): one place, one retry,
 * one word about the endpoint's health for what is one request. Their attempts are started in one go, with the same
 * context, which is how whoever sends them knows that they belong together.
 */
export function mergingPool(pool: EndpointPool): EndpointPool {
  const waiting = new Map<object, Waiting[]>();

  const flush = (together: object): void => {
    const all = waiting.get(together) ?? [];
    waiting.delete(together);
    for (const alike of all.length === 1 ? [all] : groupsOf(all)) {
      const [first] = alike;
      if (first === undefined) continue;
      if (alike.length === 1) pool.call(first.call).then(first.resolve);
      else callTogether(pool, alike);
    }
  };

  return {
    ...(pool.size === undefined ? {} : { size: pool.size }),
    call<T>(call: PoolCall<T>): Promise<PoolResult<T>> {
      const { together } = call;
      if (together === undefined) return pool.call(call);
      return new Promise((resolve) => {
        const entry = { call, resolve: resolve as Waiting['resolve'] };
        const others = waiting.get(together);
        if (others !== undefined) {
          others.push(entry);
          return;
        }
        waiting.set(together, [entry]);
        // After the promises that are due now: the fields of one selection set all get here before it runs.
        process.nextTick(flush, together);
      });
    },
    availability: () => pool.availability(),
    setPaused: (paused) => pool.setPaused(paused),
    isolate: (endpoint, isolated) => pool.isolate(endpoint, isolated),
    resetBreaker: (endpoint) => pool.resetBreaker(endpoint),
    health: () => pool.health(),
    events: pool.events,
    close: () => pool.close(),
  };
}

/** Operations with policies of their own are called by themselves; so is what would make a request too wide. */
function groupsOf(all: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const open = new Map<string, Waiting[]>();
  const groups: Waiting[][] = [];
  for (const entry of all) {
    const { idempotent, attemptTimeoutMs, retries, hedgeAfterMs, preferEndpoint } = entry.call;
    const key = [idempotent, attemptTimeoutMs, retries, hedgeAfterMs, preferEndpoint].join();
    let group = open.get(key);
    if (group === undefined || group.length >= MAX_TOGETHER) {
      group = [];
      open.set(key, group);
      groups.push(group);
    }
    group.push(entry);
  }
  return groups;
}

async function callTogether(pool: EndpointPool, alike: readonly Waiting[]): Promise<void> {
  const [first] = alike;
  if (first === undefined) return;
  const calls = alike.map(({ call }) => call);
  const result = await pool.call({
    ...first.call,
    deadline: Math.max(...calls.map(({ deadline }) => deadline)),
    signal: whenAllAborted(calls.map(({ signal }) => signal)),
    attempt: (context) => attemptTogether(calls, context),
  });
  for (const [index, { resolve }] of alike.entries()) resolve(part(result, index));
}

type Settled = readonly PromiseSettledResult<unknown>[];

/** Throws only what happened to the request as a whole; a field that failed by itself is a result. */
async function attemptTogether(calls: readonly PoolCall<unknown>[], context: AttemptContext): Promise<Settled> {
  const settled = await Promise.allSettled(calls.map(({ attempt }) => attempt(context)));
  const [first] = settled;
  if (first?.status === 'rejected') {
    const cause: unknown = first.reason;
    if (settled.every((one) => one.status === 'rejected' && one.reason === cause)) throw cause;
  }
  return settled;
}

function part(result: PoolResult<Settled>, index: number): PoolResult<unknown> {
  if (!result.ok) return result;
  const own = result.value[index];
  if (own?.status === 'fulfilled') return { ...result, value: own.value };
  const failure = own?.reason as UpstreamFailure;
  const { attempts } = result;
  return {
    ok: false,
    failure,
    attempts: attempts.map((one, at) => (at === attempts.length - 1 ? { ...one, failure } : one)),
  };
}

/** The request goes on while anybody waits for a part of it. */
function whenAllAborted(signals: readonly Cancellation[]): Cancellation {
  const all = new Canceller();
  let left = signals.length;
  for (const signal of signals) {
    const gone = (): void => {
      left--;
      if (left === 0) all.abort();
    };
    if (signal.aborted) gone();
    else signal.addEventListener('abort', gone);
  }
  return all;
}
