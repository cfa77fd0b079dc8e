import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isAdmin, type Keyring } from '../access/index.ts';
import type { Config } from '../config/index.ts';
import { WeirError } from '../errors/index.ts';
import type { Executor, Subscriptions } from '../execution/index.ts';
import type { Models } from '../models/index.ts';
import { type Clock, Emitter, type Events, type Random } from '../runtime/index.ts';
import type { Graph, ProvenanceEntry } from '../schema/index.ts';
import type { ModelTargets } from '../sources/prompt/index.ts';
import { createApollo, type ServerContext } from './apollo.ts';
import { limitBody } from './body-limit.ts';
import { CONSISTENCY_HEADER, createConsistencyTokens } from './consistency-tokens.ts';
import { answerError } from './error-answer.ts';
import { createGraphQLContexts } from './graphql-contexts.ts';
import { beginGraphQLRequest, type GraphQLRequest } from './graphql-request.ts';
import { createKnownDocuments } from './known-documents.ts';
import { requestIds } from './request-ids.ts';
import { logRequest } from './request-log.ts';
import { createStreaming } from './streaming/streaming.ts';
import { UnderWay } from './way-in/under-way.ts';
import { addWaysIn } from './way-in/ways-in.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on /graphql once the caller is known. */
    graphql: GraphQLRequest | null;
  }
}

export interface ServerOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly executor: Executor;
  readonly subscriptions: Subscriptions;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** For the ways in beside GraphQL, which are not there without it. */
  readonly models?: { readonly models: Models; readonly targets: ModelTargets };
  /** Signs consistency tokens; the same in every gateway that should understand them. */
  readonly consistencyKey: Buffer;
  /** Folder of the built browser pages. */
  readonly pages: string;
  /** False until the first graph serves. */
  readonly isReady: () => boolean;
}

/** The HTTP side of the gateway. */
export interface Server {
  /** Each call to an upstream on behalf of a request, when its outcome is known. */
  readonly calls: Events<ProvenanceEntry>;
  /** Starts to accept connections; rejects when the port is taken. Resolves with the base URL. */
  listen(): Promise<string>;
  /** Stops accepting, lets requests in flight finish within the grace, then ends what is left. */
  close(): Promise<void>;
}

export async function createServer(options: ServerOptions): Promise<Server> {
  const { config, graph, keyring, clock, log } = options;
  let draining = false;
  const calls = new Emitter<ProvenanceEntry>();
  const app = fastify({
    logger: false,
    // The largest of any route: each has its own below it.
    bodyLimit: Math.max(config.adminBodyLimitBytes, config.modelBodyLimitBytes),
    forceCloseConnections: 'idle',
    // A slow body must not hold a connection for ever; the answer's own time is the request deadline.
    requestTimeout: 30_000,
    genReqId: requestIds(options.random),
    routerOptions: { ignoreTrailingSlash: true },
    // Refusals from before any route is found, such as of a URL that cannot be decoded.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, log),
  });
  const apollo = createApollo(graph, options.executor, config.documentTokenLimit, log);
  await apollo.start();
  const tokens = createConsistencyTokens({ key: options.consistencyKey, clock, random: options.random });

  const contexts = createGraphQLContexts({
    tokens,
    clock,
    deadlineMs: config.requestDeadlineMs,
    modelDeadlineMs: config.modelDeadlineMs,
    upstreamCallLimit: config.upstreamCallLimit,
    onCall: (entry) => calls.emit(entry),
  });

  const context = (request: FastifyRequest): ServerContext => {
    const http = graphqlRequest(request);
    contexts.readHeaders(http, request.headers);
    http.lease ??= graph.lease();
    const { lease } = http;
    http.graphVersion = lease.version.number;
    const headers = keyring.forwardable(request.headers);
    return {
      http,
      view: contexts.view(http, lease.version),
      request: contexts.create(http, headers, lease.version, http.signal),
    };
  };

  const streaming = createStreaming({ ...options, contexts, http: app.server });
  const answerKnown = createKnownDocuments({ executor: options.executor, context, log });
  const answerInJson = fastifyApolloHandler(apollo, { context: async (request) => context(request) });

  app.decorateRequest('graphql', null);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, log));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0];
    if (path !== '/graphql') {
      const nothing = new WeirError('NOT_FOUND', `There is nothing at ${path}. GraphQL is at /graphql.`);
      return answerError(nothing, request, reply, log);
    }
    reply.header('allow', 'GET, POST, PUT, DELETE, OPTIONS');
    const refused = new MethodNotAllowed(`GraphQL is asked with GET or POST, not with ${request.method}.`);
    return answerError(refused, request, reply, log);
  });

  // Hooks that wait for nothing call back: a promise for each would cost more than what they do.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A client that keeps its connection would hold up the end until the grace is over.
    if (draining) reply.header('connection', 'close');
    done();
  });

  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    async onRequest(request, reply) {
      reply.header('x-request-id', request.id);
      const caller = await keyring.authenticate(request.headers);
      request.graphql = beginGraphQLRequest(request.id, caller, request, reply, clock);
    },
    preParsing(request, _reply, payload, done) {
      const { caller } = graphqlRequest(request);
      done(null, limitBody(request, payload, isAdmin(caller) ? config.adminBodyLimitBytes : config.bodyLimitBytes));
    },
    async handler(request, reply) {
      const way = streaming.shared.wanted(request)
        ? streaming.shared
        : streaming.events.wanted(request)
          ? streaming.events
          : undefined;
      if (way === undefined) return (await answerKnown(request, reply)) ?? answerInJson.call(this, request, reply);
      await way.answer(request, reply, graphqlRequest(request));
      return reply;
    },
    onSend(request, reply, _payload, done) {
      const http = request.graphql;
      if (http !== null && http.writes.size > 0) {
        reply.header(CONSISTENCY_HEADER, tokens.issue(new Map([...http.writesBefore, ...http.writes])));
      }
      done();
    },
    onResponse(request, reply, done) {
      logRequest(log, request, reply, clock);
      done();
    },
  });

  const underWay = new UnderWay(clock);
  if (options.models !== undefined) {
    await addWaysIn(app, {
      config,
      graph,
      keyring,
      clock,
      log,
      ...options.models,
      underWay,
      onCall: (entry) => calls.emit(entry),
    });
  }
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const status = draining ? 'draining' : options.isReady() ? 'ready' : 'starting';
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });
  await servePages(app, options.pages);

  return {
    calls,
    listen: () => app.listen({ host: config.host, port: config.port }),
    async close() {
      draining = true;
      const overdue = clock.setTimer(() => {
        streaming.terminate();
        void underWay.end().then(() => app.server.closeAllConnections());
      }, config.shutdownGraceMs);
      await Promise.all([streaming.drain(), app.close()]);
      overdue.cancel();
      await apollo.stop();
    },
  };
}

/** Answered as HTTP 405. */
class MethodNotAllowed extends Error {
  override readonly name = 'MethodNotAllowed';
  readonly statusCode = 405;
}

function graphqlRequest(request: FastifyRequest): GraphQLRequest {
  if (request.graphql === null) throw new Error('the caller is set before the body is read');
  return request.graphql;
}

/** The sandbox, complete without any other host: what a browser may load is this gateway's own. */
async function servePages(app: FastifyInstance, folder: string): Promise<void> {
  const policy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
    "worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
  const page = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    reply.header('cache-control', 'no-cache').sendFile('sandbox.html', { cacheControl: false });
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/sandbox/',
    // File names carry a hash of their content.
    immutable: true,
    maxAge: '365d',
    index: false,
    setHeaders: (response) => {
      response.header('content-security-policy', policy);
      response.header('x-content-type-options', 'nosniff');
      response.header('referrer-policy', 'no-referrer');
    },
  });
  app.get('/sandbox', page);
  app.get('/', async (_request, reply) => reply.redirect('/sandbox'));
}
