import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GraphQLSchema, graphql } from 'graphql';
import { makeServer, type ServerOptions } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { UpstreamServer } from './servers.ts';

/** A GraphQL service whose subscriptions go over graphql-transport-ws, and all that is known of its connections. */
export interface WebSocketUpstream extends UpstreamServer {
  readonly port: number;
  /** Headers of every upgrade so far. */
  readonly upgrades: readonly IncomingHttpHeaders[];
  /** Sockets that are open now. */
  readonly sockets: ReadonlySet<WebSocket>;
  /** Every message that clients sent, parsed. */
  readonly received: readonly { readonly type: string; readonly payload?: unknown }[];
  /** Says of a connection that it may come; otherwise the HTTP status that it gets. */
  gate: (headers: IncomingHttpHeaders) => number | undefined;
}

export async function startGraphQLWs(
  schema: GraphQLSchema,
  options: Partial<ServerOptions> = {},
  port = 0,
): Promise<WebSocketUpstream> {
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const result = await graphql({ schema, source: query, variableValues: variables });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
    });
  });
  const upgrades: IncomingHttpHeaders[] = [];
  const received: { type: string; payload?: unknown }[] = [];
  const sockets = new Set<WebSocket>();
  const webSockets = new WebSocketServer({ noServer: true });
  const server = makeServer({ schema, ...options });
  const upstream = { gate: (_: IncomingHttpHeaders): number | undefined => undefined };
  http.on('upgrade', (request, socket, head) => {
    upgrades.push(request.headers);
    const refused = upstream.gate(request.headers);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.add(webSocket);
      const closed = server.opened(
        {
          protocol: webSocket.protocol,
          // Who has gone hears nothing; that is no fault of the server.
          send: (data) => new Promise((resolve) => webSocket.send(data, () => resolve())),
          close: (code, reason) => webSocket.close(code, reason),
          onMessage: (listener) =>
            webSocket.on('message', async (data) => {
              received.push(JSON.parse(String(data)));
              await listener(String(data));
            }),
        },
        {},
      );
      webSocket.on('close', (code, reason) => {
        sockets.delete(webSocket);
        void closed(code, String(reason));
      });
    });
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const { port: used } = http.address() as AddressInfo;
  return Object.assign(upstream, {
    url: `http://127.0.0.1:${used}/graphql`,
    port: used,
    upgrades,
    sockets,
    received,
    async close() {
      for (const socket of sockets) socket.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
}
