import { LRUCache } from 'lru-cache';
import type { ModelTarget } from '../../../models/index.ts';
import type { Clock, Random } from '../../../runtime/index.ts';
import { type ConfigurableEndpointPool, createEndpointPool } from '../../../upstream/index.ts';
import { POOL_NUMBERS_OF_MODELS } from '../call/settings.ts';
import { modelEndpoints } from './model-endpoints.ts';

/** Callers choose the names, so only so many are remembered. */
const MAX_POOLS = 500;

interface Held {
  readonly targets: readonly ModelTarget[];
  readonly pool: ConfigurableEndpointPool;
  calls: number;
}

/** A pool for each list of targets that is called, with what is known of their health. Bounded. */
export class TargetPools {
  readonly #services: { readonly clock: Clock; readonly random: Random };
  readonly #held = new LRUCache<string, Held>({
    max: MAX_POOLS,
    // Whoever is calling there goes on.
    dispose: (held) => {
      if (held.calls > 0) this.#leaving.add(held);
      else void held.pool.close();
    },
  });
  /** Forgotten, but still in use. */
  readonly #leaving = new Set<Held>();

  constructor(services: { readonly clock: Clock; readonly random: Random }) {
    this.#services = services;
  }

  find(targets: readonly ModelTarget[]): ConfigurableEndpointPool | undefined {
    return this.#held.get(nameOf(targets))?.pool;
  }

  async use<T>(targets: readonly ModelTarget[], call: (pool: ConfigurableEndpointPool) => Promise<T>): Promise<T> {
    const held = this.#holdFor(targets);
    held.calls++;
    try {
      return await call(held.pool);
    } finally {
      held.calls--;
      if (held.calls === 0 && this.#leaving.delete(held)) await held.pool.close();
    }
  }

  /** Another account has taken this provider's place: what spoke against its models is forgotten. */
  reset(account: string): void {
    for (const { targets, pool } of this.#held.values()) {
      for (const [number, { provider }] of targets.entries()) if (provider === account) pool.resetBreaker(number);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#held.values(), ...this.#leaving].map(({ pool }) => pool);
    await Promise.all(all.map((pool) => pool.close()));
  }

  #holdFor(targets: readonly ModelTarget[]): Held {
    const name = nameOf(targets);
    const known = this.#held.get(name);
    if (known !== undefined) return known;
    const pool = createEndpointPool({
      source: name,
      endpoints: modelEndpoints(targets),
      numbers: POOL_NUMBERS_OF_MODELS,
      ...this.#services,
    });
    const held = { targets, pool, calls: 0 };
    this.#held.set(name, held);
    return held;
  }
}

function nameOf(targets: readonly ModelTarget[]): string {
  return targets.map(({ provider, model }) => `${provider}/${model}`).join(' ');
}
