import type { Clock } from '../../runtime/index.ts';
import { failures } from './failures.ts';
import type { Lookup } from './system-lookup.ts';

export interface ResolverOptions {
  readonly lookup: Lookup;
  readonly clock: Clock;
  /** Milliseconds one lookup may take; default 1000. */
  readonly timeoutMs?: number;
  /** Milliseconds an answer is used without asking again; default 5000. */
  readonly freshMs?: number;
  /** Milliseconds the last good answer is used while DNS fails; default one hour. */
  readonly keepMs?: number;
  /** Hosts remembered; default 1000. */
  readonly maxHosts?: number;
}

/** The addresses of a host; throws UpstreamFailure (`dns_timeout`, `dns_error`) when there are none. */
export interface Resolver {
  resolve(host: string): Promise<readonly string[]>;
}

interface Known {
  readonly addresses: readonly string[];
  /** When DNS gave them. */
  readonly at: number;
  /** Until then they are used without asking. */
  freshUntil: number;
}

/**
 * Asks DNS once for all who wait, with a timeout of its own, and keeps the last good answer:
 * a failing or hanging DNS costs one timeout per `freshMs`, not a source.
 */
export function createResolver(options: ResolverOptions): Resolver {
  const { lookup, clock, timeoutMs = 1000, freshMs = 5000, keepMs = 3_600_000, maxHosts = 1000 } = options;
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<readonly string[]>>();

  async function ask(host: string): Promise<readonly string[]> {
    try {
      const addresses = await lookupInTime(host);
      remember(host, { addresses, at: clock.now(), freshUntil: clock.now() + freshMs });
      return addresses;
    } catch (error: unknown) {
      const last = known.get(host);
      if (last === undefined || clock.now() - last.at > keepMs) throw error;
      last.freshUntil = clock.now() + freshMs;
      return last.addresses;
    }
  }

  function remember(host: string, entry: Known): void {
    known.delete(host);
    known.set(host, entry);
    const oldest = known.keys().next().value;
    if (known.size > maxHosts && oldest !== undefined) known.delete(oldest);
  }

  function lookupInTime(host: string): Promise<readonly string[]> {
    const given = new AbortController();
    return new Promise((resolve, reject) => {
      const timer = clock.setTimer(() => {
        reject(failures.dns(host, true, `no answer within ${timeoutMs} ms`));
        given.abort();
      }, timeoutMs);
      lookup(host, given.signal)
        .then((addresses) => {
          if (addresses.length === 0) throw new Error('no addresses');
          resolve(addresses);
        })
        .catch((error: unknown) => reject(failures.dns(host, false, error)))
        .finally(() => timer.cancel());
    });
  }

  return {
    resolve(host) {
      const entry = known.get(host);
      if (entry !== undefined && clock.now() < entry.freshUntil) return Promise.resolve(entry.addresses);
      const running = asking.get(host);
      if (running !== undefined) return running;
      const started = ask(host).finally(() => asking.delete(host));
      asking.set(host, started);
      return started;
    },
  };
}
