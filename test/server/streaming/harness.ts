import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { createClient as createSseClient, type Client as SseClient } from 'graphql-sse';
import { type ClientOptions, createClient, type Client as WsClient } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { createKeyring, type Keyring } from '../../../src/access/index.ts';
import { type Config, loadConfig } from '../../../src/config/index.ts';
import { createExecutor, createSubscriptions, type Subscriptions } from '../../../src/execution/index.ts';
import { createGraphResolvers } from '../../../src/resolvers/graph/index.ts';
import { systemClock, systemRandom } from '../../../src/runtime/index.ts';
import { createGraph, type Graph, type GraphMember } from '../../../src/schema/index.ts';
import { createServer, type Server } from '../../../src/server/index.ts';
import { MemoryKeyStore } from '../../access/memory-key-store.ts';
import { ADMIN_SDL } from '../../schema/graph/fake-member.ts';

export interface StreamingServer {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly graph: Graph;
  readonly keyring: Keyring;
  readonly subscriptions: Subscriptions;
  /** Log lines, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  swap(members: readonly GraphMember[]): Promise<void>;
  webSocket(options?: Partial<ClientOptions>): WsClient;
  events(headers?: Record<string, string>, singleConnection?: boolean): SseClient<boolean>;
  /** Ends the server; its clients stay. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** The HTTP side of a gateway whose sources are the test's, on a free port. */
export async function startStreamingServer(
  members: readonly GraphMember[],
  overrides: Partial<Config> = {},
): Promise<StreamingServer> {
  const pages = mkdtempSync(join(tmpdir(), 'weir-pages-'));
  const lines: Record<string, unknown>[] = [];
  const graph = await createGraph({
    admin: { schema: buildSchema(ADMIN_SDL), publicFields: ['me'] },
    resolvers: createGraphResolvers(),
    clock: systemClock,
  });
  graph.swap(await graph.compose(members));
  const config: Config = {
    ...loadConfig({ environment: {}, directory: pages }),
    port: 0,
    shutdownGraceMs: 2000,
    ...overrides,
  };
  const keyring = createKeyring({ store: new MemoryKeyStore(), clock: systemClock, random: systemRandom });
  const executor = createExecutor();
  const subscriptions = createSubscriptions({
    graph,
    executor,
    clock: systemClock,
    limits: {
      subscriptions: config.subscriptionLimit,
      queuedEvents: config.subscriptionQueueEvents,
      queuedBytes: config.subscriptionQueueBytes,
    },
  });
  const server: Server = await createServer({
    config,
    graph,
    executor,
    subscriptions,
    keyring,
    clock: systemClock,
    random: systemRandom,
    log: pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    consistencyKey: Buffer.alloc(32, 1),
    pages,
    isReady: () => true,
  });
  const url = await server.listen();
  const webSocketUrl = `${url.replace('http', 'ws')}/graphql`;
  const clients: { dispose(): unknown }[] = [];
  return {
    url,
    webSocketUrl,
    graph,
    keyring,
    subscriptions,
    lines,
    async swap(next) {
      graph.swap(await graph.compose(next));
    },
    webSocket(options) {
      const client = createClient({ url: webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
      clients.push(client);
      return client;
    },
    events(headers = {}, singleConnection = false) {
      const client = createSseClient<boolean>({
        url: `${url}/graphql`,
        headers: () => ({ ...headers }),
        retryAttempts: 0,
        singleConnection,
      });
      clients.push(client);
      return client;
    },
    end: () => server.close(),
    async close() {
      for (const client of clients) await client.dispose();
      await server.close();
      await graph.close();
      keyring.close();
      rmSync(pages, { recursive: true, force: true });
    },
  };
}

/** Waits for what comes by itself soon. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    if (i > 500) throw new Error('It did not come about within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
