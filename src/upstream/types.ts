import type { Socket } from 'node:net';
import type { UpstreamFailure } from '../errors/index.ts';

/** One base URL of a source. */
export interface Endpoint {
  /** Its place in the definition, from 0: what clients and logs call it. */
  readonly number: number;
  /** Base URL; paths of operations are appended. */
  readonly url: string;
  /** 0 is primary, higher are backups. */
  readonly priority: number;
  readonly weight: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number;
  /** Decompressed bytes; default 8 MB. */
  readonly maxBytes?: number;
  /** Redirects to follow; default 0. Credentials are dropped when the origin changes. */
  readonly followRedirects?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower case; repeated headers joined with ', ', except set-cookie, which is dropped. */
  readonly headers: Readonly<Record<string, string>>;
  /** Complete and decompressed. */
  readonly body: Buffer;
}

/** A request whose answer is read as it comes. Redirects are not followed, and no content coding is offered. */
export interface HttpStreamRequest extends Omit<HttpRequest, 'followRedirects'> {
  /** Milliseconds until the head of the answer must be there; the body has no such end. */
  readonly timeoutMs: number;
  /** Longest time, in milliseconds, that the upstream may send nothing while more is waited for; default none. */
  readonly idleTimeoutMs?: number;
  /** Bytes of the whole body; default 8 MB. May be Infinity for what never ends. */
  readonly maxBytes?: number;
}

/** The head of an answer, and its body to come. */
export interface HttpStreamResponse {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /**
   * Can be iterated once. Throws UpstreamFailure where the answer broke, after all that came before. Ending the
   * iteration early ends the socket, and so does the signal of the request; one of them must be used for a body that
   * is not read to its end. The upstream is read no faster than the body is.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface OpenOptions {
  /** Milliseconds until the connection must be there. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Speaks HTTP to upstreams under the egress rules and all size limits.
 * Resolves with whatever status came; throws UpstreamFailure for everything else.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Resolves when the head of the answer is there, whatever its status. */
  stream(request: HttpStreamRequest): Promise<HttpStreamResponse>;
  /** Opens and closes a connection to the URL's host and port, under the same rules. */
  connect(url: string, options: OpenOptions): Promise<void>;
  /**
   * Opens a connection to the URL's host and port, with TLS for https, under the same rules, to speak another protocol
   * over. It is the caller's to close, and ends with the client at the latest.
   */
  openSocket(url: string, options: OpenOptions): Promise<Socket>;
  close(): Promise<void>;
}

export type HealthState = 'HEALTHY' | 'DEGRADED' | 'DOWN' | 'PAUSED' | 'UNKNOWN';
export type BreakerStateName = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

export interface EndpointHealth {
  readonly number: number;
  readonly priority: number;
  readonly state: HealthState;
  readonly breaker: BreakerStateName;
  /** Code and reason of the last failure; never a host. */
  readonly lastError: string | undefined;
  readonly latencyP50Ms: number | undefined;
  readonly latencyP99Ms: number | undefined;
}

export interface UpstreamHealth {
  readonly state: HealthState;
  /** Clock.now() of the last change of state. */
  readonly since: number;
  readonly endpoints: readonly EndpointHealth[];
}

/** What happens to the endpoints of a source, for logs and metrics. */
export type UpstreamEvent =
  | {
      readonly type: 'attempt';
      readonly source: string;
      readonly endpoint: number;
      readonly durationMs: number;
      readonly failure: UpstreamFailure | undefined;
    }
  | { readonly type: 'health'; readonly source: string; readonly from: HealthState; readonly to: HealthState }
  | {
      readonly type: 'endpoint';
      readonly source: string;
      readonly endpoint: number;
      readonly from: HealthState;
      readonly to: HealthState;
    }
  | {
      readonly type: 'breaker';
      readonly source: string;
      readonly endpoint: number;
      readonly from: BreakerStateName;
      readonly to: BreakerStateName;
    };
