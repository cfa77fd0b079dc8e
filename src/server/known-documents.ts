import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Executor } from '../execution/index.ts';
import type { ServerContext } from './apollo.ts';
import { formatResult } from './streaming/format-result.ts';
import { readParameters } from './streaming/read-parameters.ts';

export interface KnownDocumentsOptions {
  readonly executor: Executor;
  /** As for Apollo Server. It may be asked for the same request twice. */
  readonly context: (request: FastifyRequest) => ServerContext;
  readonly log: Logger;
}

/** Answers a request, or undefined: then nothing of it has run, and Apollo Server is to answer. */
export type AnswerKnown = (request: FastifyRequest, reply: FastifyReply) => Promise<string | undefined>;

/** What Apollo Server negotiates for the headers that clients commonly send, and for none. */
const MEDIA_TYPES: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, 'application/json; charset=utf-8'],
  ['*/*', 'application/json; charset=utf-8'],
  ['application/json', 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json; charset=utf-8'],
]);

/**
 * The short way for what nearly all requests are: a POST with a document that was prepared before, and nothing to refuse.
 * Clients cannot tell it from the way through Apollo Server, whose pipeline takes a fifth of the CPU of a request. Whatever
 * is new, uncommon or wrong goes there.
 */
export function createKnownDocuments({ executor, context, log }: KnownDocumentsOptions): AnswerKnown {
  return async (request, reply) => {
    const mediaType = MEDIA_TYPES.get(request.headers.accept);
    if (mediaType === undefined || !isPlainPost(request)) return undefined;
    const asked = wellFormed(() => ({ parameters: readParameters(request), context: context(request) }));
    if (asked === undefined) return undefined;
    const { query, operationName, variables } = asked.parameters;
    const { http, view, request: requestContext } = asked.context;
    const operation = executor.known({
      source: query,
      operationName: operationName ?? undefined,
      variables: variables ?? {},
      view,
    });
    if (operation === undefined) return undefined;
    http.operationName = operation.name;
    http.operationType = operation.kind;
    const result = formatResult(await operation.run(requestContext), http, log, 'HTTP');
    reply.header('content-type', mediaType).header('cache-control', 'no-store');
    const cacheStatus = http.cacheStatus.header();
    if (cacheStatus !== undefined) reply.header('cache-status', cacheStatus);
    return `${JSON.stringify(result)}\n`;
  };
}

/** Only a body of application/json is an object here, and no page sends that to another origin unasked. */
function isPlainPost({ method, body }: FastifyRequest): boolean {
  if (method !== 'POST' || typeof body !== 'object' || body === null) return false;
  return !('extensions' in body);
}

/** Undefined for what is to be refused: Apollo Server says so in its own words. */
function wellFormed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
