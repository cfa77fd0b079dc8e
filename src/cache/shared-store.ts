/**
 * What the call cache needs of a store that processes share. Text in, text out.
 * May reject, hang, or forget: the cache guards itself.
 */
export interface SharedStore {
  /** One entry per key, in order; undefined for what is not there. */
  get(keys: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** Kept for `ttlMs` milliseconds (a whole number above 0) at most. */
  set(entries: readonly { readonly key: string; readonly value: string; readonly ttlMs: number }[]): Promise<void>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}
