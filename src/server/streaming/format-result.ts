import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { formatError, isPublicError } from '../format-error.ts';
import type { GraphQLRequest } from '../graphql-request.ts';
import { servedOf, type WeirExtension } from '../served.ts';

/** How the client learns the id of its request: by a header of HTTP, or by each error that is masked. */
export type Way = 'HTTP' | 'STREAM';

/** A result as a client may have it; what it may not is logged. The request's record takes note of it. */
export function formatResult(
  result: ExecutionResult,
  request: GraphQLRequest,
  log: Logger,
  way: Way = 'STREAM',
): FormattedExecutionResult {
  // As nearly all are.
  if (result.errors === undefined && result.extensions === undefined) return result as FormattedExecutionResult;
  const { errors, extensions, ...rest } = result;
  const weir = extensions?.weir as WeirExtension | undefined;
  if (weir !== undefined) addTo(request, servedOf(weir));
  return {
    ...(errors === undefined ? {} : { errors: formatErrors(errors, request, log, way) }),
    ...rest,
    ...(extensions === undefined ? {} : { extensions }),
  };
}

export function formatErrors(
  errors: readonly GraphQLError[],
  request: GraphQLRequest | undefined,
  log: Logger,
  way: Way = 'STREAM',
): readonly GraphQLFormattedError[] {
  const formatted = errors.map((error) => {
    // The status is for answers of HTTP.
    const { http: _, ...extensions } = error.extensions;
    const formatted = formatError({ ...error.toJSON(), extensions }, error);
    if (isPublicError(error, error.extensions.code)) return formatted;
    log.error({ requestId: request?.id, path: error.path, err: error.originalError ?? error }, 'unexpected error');
    if (way === 'HTTP') return formatted;
    return { ...formatted, extensions: { ...formatted.extensions, requestId: request?.id } };
  });
  if (request !== undefined) noteErrors(formatted, request);
  return formatted;
}

/** For the log line. */
export function noteErrors(
  errors: readonly Pick<GraphQLFormattedError, 'extensions'>[],
  request: GraphQLRequest,
): void {
  request.errorCodes = [
    ...new Set([...request.errorCodes, ...errors.map(({ extensions }) => String(extensions?.code))]),
  ];
}

function addTo(request: GraphQLRequest, served: Readonly<Record<string, number>>): void {
  const sum: Record<string, number> = { ...request.served };
  for (const [outcome, count] of Object.entries(served)) sum[outcome] = (sum[outcome] ?? 0) + count;
  request.served = sum;
}
