import KeyvRedis from '@keyv/redis';
import { Keyv, type KeyvStoreAdapter } from 'keyv';
import type { SharedStore } from './shared-store.ts';

/**
 * The one place that knows Keyv, and its loose types. Any of its store adapters becomes a SharedStore.
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

/**
 * A store in Redis. Nothing is connected before the first use. While the connection is gone, operations are refused
 * at once instead of being queued, and it is tried anew at growing intervals.
 */
export function redisSharedStore(url: string, namespace = 'weir'): SharedStore {
  const adapter = new KeyvRedis<string>(
    {
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: 1_000, reconnectStrategy: (tries: number) => Math.min(100 * 2 ** tries, 5_000) },
    },
    { throwOnErrors: true, throwOnConnectError: true },
  );
  adapter.on('error', () => undefined);
  // Forced, or a client that is trying to connect would go on trying for ever.
  return { ...keyvSharedStore(adapter, namespace), close: () => adapter.disconnect(true) };
}

function readEnvelope<T>(text: string): { value: T; expires?: number } {
  const bar = text.indexOf('|');
  const expires = bar > 0 ? Number(text.slice(0, bar)) : undefined;
  // Keyv hands back what it was given; only strings are given.
  const value = text.slice(bar + 1) as T;
  return expires === undefined ? { value } : { value, expires };
}
