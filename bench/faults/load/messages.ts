/** What the processes of a load run say to each other. Times are milliseconds of `Date.now()`, in floating point. */

/** How an upstream behaves to every request. */
export type UpstreamMode =
  | { readonly kind: 'well'; readonly delayMs?: number }
  | { readonly kind: 'status'; readonly status: number }
  /** Reads the request and ends the connection. */
  | { readonly kind: 'cut' }
  /** The port is closed. */
  | { readonly kind: 'refused' }
  /** So many requests at once, each taking so long; the others wait, however many there are. */
  | { readonly kind: 'capacity'; readonly workers: number; readonly ms: number };

export type ToUpstream =
  | { readonly type: 'start'; readonly call: number }
  | { readonly type: 'mode'; readonly call: number; readonly port: number; readonly mode: UpstreamMode }
  /** The requests since the last time this was asked. */
  | { readonly type: 'drain'; readonly call: number; readonly port: number };

export interface SeenRequest {
  readonly at: number;
  readonly path: string;
}

export interface LoadQuery {
  /** Queries of one tag are reckoned together. */
  readonly tag: string;
  readonly query: string;
  /** The source whose outcome counts. */
  readonly source: string;
  /** `id` of the query's variable, in turn. */
  readonly ids: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoadJob {
  readonly endpoint: string;
  /** Requests a second, over all queries, sent whether answers come or not. `Infinity`: all at once. */
  readonly rate: number;
  readonly count: number;
  readonly queries: readonly LoadQuery[];
}

export interface LoadRecord {
  readonly tag: string;
  /** When it was due. */
  readonly at: number;
  /** From when it was due, so that a generator that lags does not flatter. */
  readonly ms: number;
  /** `FRESH` also stands for `CACHED`; `NONE`: no answer at all. */
  readonly outcome: string;
  readonly code: string | undefined;
  readonly reason: string | undefined;
  /** The field of the sibling, where it was asked for, is as it should be. */
  readonly siblingOk: boolean;
}
