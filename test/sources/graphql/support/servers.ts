import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { fastify } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { mercurius } from 'mercurius';

/** A GraphQL service of somebody else's making, on loopback. */
export interface UpstreamServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startYoga(schema: GraphQLSchema): Promise<UpstreamServer> {
  const yoga = createYoga({ schema, logging: false });
  const server = createServer(yoga);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await yoga.dispose();
    },
  };
}

export async function startApollo(schema: GraphQLSchema, introspection = true): Promise<UpstreamServer> {
  const server = new ApolloServer({ schema, introspection, includeStacktraceInErrorResponses: true });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return { url: url.replace('localhost', '127.0.0.1'), close: () => server.stop() };
}

export async function startMercurius(schema: GraphQLSchema): Promise<UpstreamServer> {
  const app = fastify({ forceCloseConnections: true });
  await app.register(mercurius, { schema });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`, close: () => app.close() };
}
