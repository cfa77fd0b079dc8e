import { UpstreamFailure, type UpstreamFailureInit } from '../../../src/errors/index.ts';
import {
  type AttemptContext,
  type ConfigurableEndpointPool,
  createEndpointPool,
  type Endpoint,
  type EndpointPoolOptions,
  type PoolCall,
  type PoolResult,
  type UpstreamEvent,
} from '../../../src/upstream/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/seeded-random.ts';

export function endpoint(number: number, priority = 0, weight = 1): Endpoint {
  return { number, url: `http://endpoint-${number}.test`, priority, weight };
}

export function failure(init: Partial<UpstreamFailureInit> = {}): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_ERROR',
    reason: 'http_protocol_error',
    detail: 'made by a test',
    retryable: true,
    countsAgainstHealth: true,
    ...init,
  });
}

export const refused = (): UpstreamFailure =>
  failure({ code: 'NO_HEALTHY_UPSTREAM', reason: 'connection_refused', neverLeft: true });

/** What an endpoint does with an attempt: answers its own number, throws, or whatever a test says. */
export type Behaviour = (context: AttemptContext) => Promise<unknown> | unknown;

export interface Harness {
  readonly clock: FakeClock;
  readonly pool: ConfigurableEndpointPool;
  readonly events: UpstreamEvent[];
  /** Endpoint numbers in the order of the attempts. */
  readonly sent: number[];
  /** By endpoint number; default: answers its number at once. */
  readonly behaviours: Map<number, Behaviour>;
  call(over?: Partial<PoolCall<unknown>>): Promise<PoolResult<unknown>>;
  /** Makes a call and lets time pass until it has ended. */
  callThrough(over?: Partial<PoolCall<unknown>>): Promise<PoolResult<unknown>>;
}

export function harness(endpoints: readonly Endpoint[], options: Partial<EndpointPoolOptions> = {}): Harness {
  const clock = new FakeClock();
  const pool = createEndpointPool({ source: 'petstore', endpoints, clock, random: seededRandom(7), ...options });
  const events: UpstreamEvent[] = [];
  pool.events.on((event) => events.push(event));
  const sent: number[] = [];
  const behaviours = new Map<number, Behaviour>();
  const call = (over: Partial<PoolCall<unknown>> = {}): Promise<PoolResult<unknown>> =>
    pool.call({
      attempt: async (context) => {
        const { number } = context.endpoint;
        sent.push(number);
        const behaviour = behaviours.get(number);
        return behaviour === undefined ? number : behaviour(context);
      },
      idempotent: true,
      deadline: clock.now() + 10_000,
      attemptTimeoutMs: 3_000,
      retries: 2,
      signal: new AbortController().signal,
      ...over,
    });
  return {
    clock,
    pool,
    events,
    sent,
    behaviours,
    call,
    async callThrough(over) {
      let ended = false;
      const result = call(over).finally(() => {
        ended = true;
      });
      await clock.advance(0);
      while (!ended) await clock.advance(5);
      return result;
    },
  };
}

export const fails =
  (make: () => unknown = failure): Behaviour =>
  () => {
    throw make();
  };

/** Never answers, and does not heed its signal. */
export const hangs: Behaviour = () => new Promise(() => {});

export function failureOf(result: PoolResult<unknown>): UpstreamFailure {
  if (result.ok) throw new Error(`A failed result was expected, but ${String(result.value)} came.`);
  return result.failure;
}
