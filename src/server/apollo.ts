import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
  type BaseContext,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import type { Executor } from '../execution/index.ts';
import type { Graph, GraphVersion, GraphView, RequestContext } from '../schema/index.ts';
import { formatError, isPublicError } from './format-error.ts';
import type { GraphQLRequest } from './graphql-request.ts';
import { servedOf, type WeirExtension } from './served.ts';

type GatewayInterface = ApolloServerOptionsWithGateway<ServerContext>['gateway'];

/** The context value Apollo Server carries from HTTP to execution. */
export interface ServerContext extends BaseContext {
  readonly http: GraphQLRequest;
  /** The part of the pinned graph that this caller may use. */
  readonly view: GraphView;
  readonly request: RequestContext;
}

/**
 * Apollo Server does HTTP, parsing and error formatting. It does not validate: what a document may name
 * depends on the caller's view, so the executor validates against that.
 */
export function createApollo(
  graph: Graph,
  executor: Executor,
  tokenLimit: number,
  log: Logger,
): ApolloServer<ServerContext> {
  return new ApolloServer<ServerContext>({
    gateway: graphAsGateway(graph, executor),
    dangerouslyDisableValidation: true,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: tokenLimit },
    formatError,
    logger: log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      accountPlugin(log),
    ],
  });
}

/** Tells Apollo Server of each new graph version. The schema it is given is the whole graph's. */
function graphAsGateway(graph: Graph, executor: Executor): GatewayInterface {
  const whole = (version: GraphVersion) => version.view({ admin: true, maySee: () => true }).schema;
  return {
    async load() {
      return {
        executor: async ({ request, document, source, context }): Promise<ExecutionResult> => {
          const { view, request: requestContext } = context as ServerContext;
          return executor.execute({
            source,
            document,
            operationName: request.operationName,
            variables: request.variables ?? {},
            view,
            context: requestContext,
          });
        },
      } as Awaited<ReturnType<GatewayInterface['load']>>;
    },
    onSchemaLoadOrUpdate(callback) {
      // The text is for plugins that report schemas; there are none, and printing a large graph takes a while.
      const tell = (version: GraphVersion): void => callback({ apiSchema: whole(version), coreSupergraphSdl: '' });
      tell(graph.current);
      return graph.onSwap(tell);
    },
    async stop() {},
  };
}

/** Notes for the log line what ran, and writes down the errors that clients are not shown. */
function accountPlugin(log: Logger): ApolloServerPlugin<ServerContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ contextValue, operation }) {
          contextValue.http.operationName = operation?.name?.value;
          contextValue.http.operationType = operation?.operation;
        },
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) {
            if (isPublicError(error, error.extensions.code)) continue;
            log.error(
              { requestId: contextValue?.http.id, path: error.path, err: error.originalError ?? error },
              'unexpected error',
            );
          }
        },
        async willSendResponse({ contextValue, response, request }) {
          if (response.body.kind !== 'single') return;
          const { errors, extensions } = response.body.singleResult;
          const { http } = contextValue;
          http.errorCodes = [...new Set(errors?.map((error) => String(error.extensions?.code)))];
          response.http.headers.set('cache-control', 'no-store');
          if (response.http.status === 400 && wantsPlainJson(request.http?.headers.get('accept'))) {
            response.http.status = isWellFormed(http.errorCodes) ? 200 : 400;
          }
          const cacheStatus = http.cacheStatus.header();
          if (cacheStatus !== undefined) response.http.headers.set('cache-status', cacheStatus);
          const weir = extensions?.weir as WeirExtension | undefined;
          if (weir !== undefined) http.served = servedOf(weir);
        },
      };
    },
  };
}

/** A client that asks for application/json and does not know the newer media type. */
function wantsPlainJson(accept: string | undefined): boolean {
  return accept?.includes('application/json') === true && !accept.includes('application/graphql-response+json');
}

/**
 * GraphQL over HTTP, section 6.4.1: with application/json, a request that is well formed as HTTP is answered with 200,
 * whatever is wrong with its GraphQL.
 */
function isWellFormed(codes: readonly string[]): boolean {
  const ofGraphQL = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'QUERY_TOO_COMPLEX'];
  return codes.length > 0 && codes.every((code) => ofGraphQL.includes(code));
}
