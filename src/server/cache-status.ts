import type { Outcome } from '../sources/index.ts';

/**
 * What the Cache-Status header of an answer says of all its calls together (RFC 9211): `hit` when the cache had it all,
 * `fwd` with the reason when an upstream was asked, and as `detail` the degraded outcomes there were.
 */
export class CacheStatus {
  #calls = 0;
  #fromCache = false;
  #forwarded: 'stale' | 'miss' | 'bypass' | undefined;
  /** Nearly always empty: undefined then. */
  #degraded: Set<string> | undefined;

  note(outcome: Outcome): void {
    this.#calls++;
    for (const part of outcome.parts ?? [outcome]) this.#notePart(part);
  }

  #notePart(outcome: Outcome): void {
    const { kind, cache, attempts } = outcome;
    if (kind === 'CACHED' || kind === 'STALE') this.#fromCache = true;
    if (kind !== 'CACHED' && kind !== 'FRESH') {
      this.#degraded ??= new Set();
      this.#degraded.add(kind.toLowerCase());
    }
    if (attempts.length === 0 && cache !== 'JOINED') return;
    // Of several reasons the first of RFC 9211's order here: what was there was too old, was not there, was not looked for.
    if (cache === 'STALE') this.#forwarded = 'stale';
    else if (cache === 'BYPASS') this.#forwarded ??= 'bypass';
    else if (this.#forwarded !== 'stale') this.#forwarded = 'miss';
  }

  /** undefined when no source was called. */
  header(): string | undefined {
    if (this.#calls === 0) return undefined;
    const how = this.#forwarded !== undefined ? `; fwd=${this.#forwarded}` : this.#fromCache ? '; hit' : '';
    return `weir${how}${this.#detail()}`;
  }

  #detail(): string {
    if (this.#degraded === undefined) return '';
    const outcomes = [...this.#degraded].sort();
    return outcomes.length === 1 ? `; detail=${outcomes[0]}` : `; detail="${outcomes.join(', ')}"`;
  }
}
