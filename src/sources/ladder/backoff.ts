import { LRUCache } from 'lru-cache';
import type { UpstreamFailure } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { LADDER_DEFAULTS } from './rules.ts';

interface Failed {
  readonly until: number;
  readonly failure: UpstreamFailure;
}

/**
 * Keys whose last call found the upstream out of order. While one is here and a stale entry can be served, the
 * upstream is left alone for that key. Bounded: forgetting a key costs one call.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #failed = new LRUCache<string, Failed>({ max: LADDER_DEFAULTS.refreshBackoffKeys });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `retryAfterMs` is what the upstream asked for; it lengthens the time, never shortens it. */
  failed(key: string, failure: UpstreamFailure, retryAfterMs: number | undefined): void {
    const ms = Math.max(LADDER_DEFAULTS.refreshBackoffMs, retryAfterMs ?? 0);
    this.#failed.set(key, { until: this.#clock.now() + ms, failure });
  }

  succeeded(key: string): void {
    if (this.#failed.size > 0) this.#failed.delete(key);
  }

  /** The upstream has answered something. */
  clear(): void {
    this.#failed.clear();
  }

  /** The failure that makes it too early to ask again; undefined when it is not too early. */
  find(key: string): UpstreamFailure | undefined {
    const failed = this.#failed.get(key);
    return failed !== undefined && this.#clock.now() < failed.until ? failed.failure : undefined;
  }
}
