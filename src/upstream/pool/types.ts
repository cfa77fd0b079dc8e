import type { UpstreamFailure } from '../../errors/index.ts';
import type { Cancellation, Events } from '../../runtime/index.ts';
import type { Endpoint, UpstreamEvent, UpstreamHealth } from '../types.ts';

/** What one attempt is given. */
export interface AttemptContext {
  readonly endpoint: Endpoint;
  /** Aborts at the attempt's timeout, the call's deadline, or when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Milliseconds until `signal` aborts. */
  readonly timeoutMs: number;
  /** Milliseconds left of the whole call. */
  readonly remainingMs: number;
  /** 1 for the first. */
  readonly attempt: number;
}

/** One attempt at one endpoint; resolves with the answer or throws UpstreamFailure. */
export type Attempt<T> = (context: AttemptContext) => Promise<T>;

export interface PoolCall<T> {
  readonly attempt: Attempt<T>;
  /** May be tried again even if an earlier attempt may have reached the upstream. */
  readonly idempotent: boolean;
  /** Clock.now() at which the call must be over. */
  readonly deadline: number;
  readonly attemptTimeoutMs: number;
  readonly retries: number;
  readonly hedgeAfterMs?: number | undefined;
  /** Further attempts only at endpoints the call has not been at. For callers that have something else to offer. */
  readonly onlyElsewhere?: boolean;
  /** The call is not wanted any more. */
  readonly signal: Cancellation;
  /** Prefer this endpoint when it is healthy (one request reads one source from one endpoint). */
  readonly preferEndpoint?: number | undefined;
  /** Calls with the same object that start together may be sent as one by a source that can; the pool does not look at it. */
  readonly together?: object | undefined;
}

export interface PoolAttempt {
  readonly endpoint: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly failure: UpstreamFailure | undefined;
}

export type PoolResult<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly endpoint: Endpoint;
      readonly attempts: readonly PoolAttempt[] /** Why a better endpoint did not serve, when a backup did. */;
      readonly failure?: UpstreamFailure;
    }
  | {
      readonly ok: false;
      readonly failure: UpstreamFailure;
      readonly attempts: readonly PoolAttempt[];
      readonly retryAfterMs?: number;
    };

/** Whether a call made now would be tried at all, without making it. */
export type Availability = 'available' | 'down' | 'paused';

/**
 * The endpoints of one source with their health, breakers, retry budget and concurrency limit.
 * `call` never rejects. Rungs 2 (primary) and 3 (backups) of the ladder.
 */
export interface EndpointPool {
  /** How many endpoints there are. */
  readonly size?: number;
  call<T>(call: PoolCall<T>): Promise<PoolResult<T>>;
  availability(): Availability;
  setPaused(paused: boolean): void;
  /** Takes an endpoint out by hand (`true`) or back in. */
  isolate(endpoint: number, isolated: boolean): void;
  resetBreaker(endpoint: number): void;
  health(): UpstreamHealth;
  readonly events: Events<UpstreamEvent>;
  close(): Promise<void>;
}
