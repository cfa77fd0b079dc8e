import type { AttemptContext } from '../../upstream/index.ts';
import type { Outcome } from '../outcome.ts';
import type { CallContext, OperationDescription, SourceSettings } from '../source.ts';

/** What came back from one attempt, decoded. */
export interface Answer {
  /** Decoded into the graph's shape and frozen. */
  readonly value: unknown;
  /** HTTP status; 200 for kinds without one. 304 means: the entry that `revalidate` described still holds. */
  readonly status: number;
  /** Response headers that speak of freshness, tags and versions; lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body. */
  readonly size: number;
  /** Tags found in the value (entities). */
  readonly tags?: readonly string[];
  readonly figures?: Readonly<Record<string, unknown>>;
  /** False when the answer must not be kept (it had parts that did not fit its description). */
  readonly storable?: boolean;
}

/** An earlier answer that the upstream may confirm instead of sending again. */
export interface Revalidation {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** One call, ready for the ladder. */
export interface LadderCall {
  readonly operation: OperationDescription;
  /** Canonical form of what shapes the answer besides headers. */
  readonly argumentsKey: string;
  /** The request headers that are forwarded and shape the answer, canonical; '' when none. */
  readonly varyKey: string;
  /**
   * `varyKey` without the credentials: what stands in the key of entries that the policy makes PUBLIC although
   * credentials are forwarded. Default: `varyKey`, which keeps one entry per credential.
   */
  readonly publicVaryKey?: string;
  /**
   * Forwarded request headers that are not in `varyKey`, lower case: each splits the entries of an operation only
   * once its upstream has named it in Vary.
   */
  readonly varyHeaders?: Readonly<Record<string, string>>;
  /** A credential of the caller's is among them (Authorization, Cookie, or one the source names as such). */
  readonly forwardsCredentials: boolean;
  readonly context: CallContext;
  /**
   * The request carries an idempotency key, so that a mutation may be retried. Default: whether the client sent the
   * header that the policy names (`idempotencyHeader`).
   */
  readonly carriesIdempotencyKey?: boolean;
  /** Handed to the pool: calls with the same object that start together may be sent as one. */
  readonly together?: object | undefined;
  /**
   * Makes one attempt. Throws UpstreamFailure. Obeys the signal of the attempt alone, never that of `context`:
   * others may wait for the same answer after this caller has left.
   */
  readonly attempt: (context: AttemptContext, revalidate: Revalidation | undefined) => Promise<Answer>;
  /** Decodes a constant fallback into the shape of the operation's answers, frozen. Called once per policy. */
  readonly decodeFallback: (value: unknown) => unknown;
  /** Runs another operation of the same source, for a fallback that names one. */
  readonly runFallback: (operation: string, args: Readonly<Record<string, unknown>>) => Promise<Outcome>;
}

/** Design section 7: cached, primary, backup, stale, fallback, failed. Same code for every kind. */
export interface Ladder {
  /** Never rejects. */
  run(call: LadderCall): Promise<Outcome>;
  reconfigure(settings: SourceSettings): void;
  close(): Promise<void>;
}
