import { Keyv, type KeyvStoreAdapter } from 'keyv';
import type { SharedStore } from './shared-store.ts';

/**
 * With `redis-store.ts` the one place that knows Keyv, and its loose types. Any of its store adapters becomes a SharedStore.
 * `namespace` is put before every key, so that several gateways can share one store.
 */
export function keyvSharedStore(adapter: KeyvStoreAdapter | Map<unknown, unknown>, namespace: string): SharedStore {
  const keyv = new Keyv<string>({
    store: adapter,
    namespace,
    throwOnErrors: true,
    // Values are text already: Keyv's own JSON around it would cost a second parsing of every entry.
    serialize: ({ value, expires }) => `${expires ?? ''}|${String(value)}`,
    deserialize: (text: string) => readEnvelope(text),
  });
  keyv.on('error', () => undefined); // without a listener an error of the store would end the process
  return {
    async get(keys) {
      const values: readonly unknown[] = await keyv.get<string>([...keys]);
      return values.map((value) => (typeof value === 'string' ? value : undefined));
    },
    async set(entries) {
      await Promise.all(entries.map(({ key, value, ttlMs }) => keyv.set(key, value, ttlMs)));
    },
    async delete(key) {
      await keyv.delete(key);
    },
    close: () => keyv.disconnect(),
  };
}

function readEnvelope<T>(text: string): { value: T; expires?: number } {
  const bar = text.indexOf('|');
  const expires = bar > 0 ? Number(text.slice(0, bar)) : undefined;
  // Keyv hands back what it was given; only strings are given.
  const value = text.slice(bar + 1) as T;
  return expires === undefined ? { value } : { value, expires };
}
