import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import type { Keyring } from '../../access/index.ts';
import type { Config } from '../../config/index.ts';
import type { Subscriptions } from '../../execution/index.ts';
import type { Clock, Random } from '../../runtime/index.ts';
import type { GraphQLContexts } from '../graphql-contexts.ts';
import { createAsking } from './asking.ts';
import { createEventStreams, type EventStreams } from './event-streams.ts';
import { createSharedStreams, type SharedStreams } from './shared-streams.ts';
import { acceptWebSockets } from './web-sockets.ts';

export interface StreamingOptions {
  readonly http: HttpServer;
  readonly config: Config;
  readonly subscriptions: Subscriptions;
  readonly contexts: GraphQLContexts;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** The ways on /graphql that carry many answers: WebSockets and server-sent events. */
export interface Streaming {
  readonly events: EventStreams;
  readonly shared: SharedStreams;
  /** Ends all subscriptions, lets other operations finish, and resolves when every WebSocket is closed. */
  drain(): Promise<void>;
  /** Ends the WebSockets that are still open. */
  terminate(): void;
}

export function createStreaming(options: StreamingOptions): Streaming {
  const { http, config, subscriptions, keyring, log } = options;
  const asking = createAsking(options);
  const common = {
    ...options,
    asking,
    allowedOrigins: config.allowedOrigins,
    heartbeatMs: config.heartbeatMs,
  };
  const limits = { maxConnections: config.webSocketLimit, maxOperations: config.webSocketOperationLimit };
  const sockets = acceptWebSockets(http, { ...common, ...limits, maxMessageBytes: config.bodyLimitBytes });
  const shared = createSharedStreams({ ...common, ...limits });
  const stopListening = keyring.changes.on((id) => {
    subscriptions.recheck(id).catch((err: unknown) => log.error({ err }, 'unexpected error'));
  });

  return {
    events: createEventStreams({ ...common, maxTokens: config.documentTokenLimit }),
    shared,
    drain() {
      stopListening();
      shared.drain();
      subscriptions.end();
      return sockets.drain();
    },
    terminate: () => sockets.terminate(),
  };
}
