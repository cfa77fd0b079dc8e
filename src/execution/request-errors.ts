import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors/index.ts';

/**
 * Codes of Apollo Server for requests that never run (`ApolloServerErrorCode`; written out because the
 * executor knows nothing of the server), and the one of ours.
 */
type RequestErrorCode =
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'BAD_USER_INPUT'
  | Extract<ErrorCode, 'QUERY_TOO_COMPLEX'>;

/**
 * The same error with a code, and the HTTP status that Apollo Server takes from `extensions.http`
 * (and leaves out of the answer). A request that never ran is a 400 (GraphQL over HTTP, section 6.4.2).
 */
export function asRequestError(error: GraphQLError, code: RequestErrorCode): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    originalError: error.originalError ?? null,
    extensions: { ...error.extensions, code, http: { status: 400 } },
  });
}

/** The document passes a limit. */
export function tooComplex(limit: string, allowed: number, found: number): GraphQLError {
  // JSON has no infinity; a document that unfolds without end is far enough over to say so with the largest number.
  const finite = Math.min(found, Number.MAX_SAFE_INTEGER);
  return new GraphQLError(`The document must have ${limit} of at most ${allowed}; it has ${finite}.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', limit, allowed, found: finite, http: { status: 400 } },
  });
}
