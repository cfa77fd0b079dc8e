import { failures } from './failures.ts';
import { Origin, type OriginOptions } from './origin.ts';
import type { RequestTarget } from './request-target.ts';

export interface OriginsOptions extends OriginOptions {
  /** Most origins with connections at one time. */
  readonly maxOrigins: number;
  /** Milliseconds without a request after which an origin may be forgotten. */
  readonly idleMs: number;
}

/** The origins in use, bounded in number. Idle ones go when a new one comes; their sockets close by themselves before. */
export class Origins {
  readonly #options: OriginsOptions;
  readonly #byOrigin = new Map<string, Origin>();

  constructor(options: OriginsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byOrigin.size;
  }

  /** Throws UpstreamFailure for a URL that the guard refuses, or when every place is taken by origins in use. */
  get({ url, origin, hasUserInfo }: RequestTarget): Origin {
    if (hasUserInfo) this.#check(url);
    const known = this.#byOrigin.get(origin);
    if (known !== undefined) return known;
    this.#check(url); // the guard never changes its mind, so an origin that is known has passed
    this.#makeRoom();
    const made = new Origin(url, this.#options);
    this.#byOrigin.set(origin, made);
    return made;
  }

  async close(): Promise<void> {
    const all = [...this.#byOrigin.values()];
    this.#byOrigin.clear();
    await Promise.all(all.map((origin) => origin.close()));
  }

  #check(url: URL): void {
    const problem = this.#options.egress.checkUrl(url);
    if (problem !== undefined) throw failures.prohibited(problem);
  }

  #makeRoom(): void {
    const { clock, idleMs, maxOrigins } = this.#options;
    const unused = [...this.#byOrigin].filter(([, origin]) => origin.inFlight === 0);
    unused.sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    for (const [key, origin] of unused) {
      if (this.#byOrigin.size < maxOrigins && clock.now() - origin.lastUsed < idleMs) break;
      this.#byOrigin.delete(key);
      void origin.close();
    }
    if (this.#byOrigin.size >= maxOrigins) {
      throw failures.tooMany(`requests to ${maxOrigins} origins are in flight, the most there may be`);
    }
  }
}
