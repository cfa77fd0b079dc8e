import type { EventEmitter } from 'node:events';
import type { SharedStore } from './shared-store.ts';

const CONNECT_TIMEOUT_MS = 1_000;

/**
 * A store in Redis. Its libraries are loaded here and now, so that a gateway without Redis never pays for them; nothing
 * is connected before the first use. While the connection is gone, operations are refused at once instead of being
 * queued, and it is tried anew at growing intervals.
 */
export function redisSharedStore(url: string, namespace = 'weir'): SharedStore {
  const opening = open(url, namespace);
  opening.catch(() => undefined); // each operation says so itself
  return {
    get: async (keys) => (await opening).get(keys),
    set: async (entries) => (await opening).set(entries),
    delete: async (key) => (await opening).delete(key),
    close: async () => (await opening).close(),
  };
}

async function open(url: string, namespace: string): Promise<SharedStore> {
  const [{ default: KeyvRedis, createClient }, { keyvSharedStore }] = await Promise.all([
    import('@keyv/redis'),
    import('./keyv-store.ts'),
  ]);
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (tries: number) => Math.min(100 * 2 ** tries, 5_000),
    },
  });
  const adapter = new KeyvRedis<string>(client, { throwOnErrors: true, throwOnConnectError: true });
  adapter.on('error', () => undefined);
  const close = async (): Promise<void> => {
    // A client that is destroyed while it connects leaves its socket open.
    if (client.isOpen && !client.isReady) await connected(client);
    // Destroyed, since one that is trying to connect would go on trying for ever.
    if (client.isOpen) client.destroy();
  };
  return { ...keyvSharedStore(adapter, namespace), close };
}

/** Resolves when a client that is connecting has connected, or failed to, or had the time for it. */
function connected(client: Pick<EventEmitter, 'once'>): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, CONNECT_TIMEOUT_MS).unref();
    client.once('ready', resolve).once('error', () => resolve());
  });
}
