import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { formatError, isPublicError } from '../format-error.ts';
import type { GraphQLRequest } from '../graphql-request.ts';
import { servedOf, type WeirExtension } from '../served.ts';

/** A result as a client may have it; what it may not is logged. The request's record takes note of it. */
export function formatResult(result: ExecutionResult, request: GraphQLRequest, log: Logger): FormattedExecutionResult {
  const { errors, extensions, ...rest } = result;
  const weir = extensions?.weir as WeirExtension | undefined;
  if (weir !== undefined) addTo(request, servedOf(weir));
  return {
    ...(errors === undefined ? {} : { errors: formatErrors(errors, request, log) }),
    ...rest,
    ...(extensions === undefined ? {} : { extensions }),
  };
}

/** Over HTTP a header names the request; elsewhere an error that is masked does. */
export function formatErrors(
  errors: readonly GraphQLError[],
  request: GraphQLRequest | undefined,
  log: Logger,
): readonly GraphQLFormattedError[] {
  if (request !== undefined) noteErrors(errors, request);
  return errors.map((error) => {
    // The status is for answers of HTTP.
    const { http: _, ...extensions } = error.extensions;
    const formatted = formatError({ ...error.toJSON(), extensions }, error);
    if (isPublicError(error, error.extensions.code)) return formatted;
    log.error({ requestId: request?.id, path: error.path, err: error.originalError ?? error }, 'unexpected error');
    return { ...formatted, extensions: { ...formatted.extensions, requestId: request?.id } };
  });
}

/** For the log line. */
export function noteErrors(errors: readonly GraphQLError[], request: GraphQLRequest): void {
  request.errorCodes = [
    ...new Set([...request.errorCodes, ...errors.map(({ extensions }) => String(extensions.code))]),
  ];
}

function addTo(request: GraphQLRequest, served: Readonly<Record<string, number>>): void {
  const sum: Record<string, number> = { ...request.served };
  for (const [outcome, count] of Object.entries(served)) sum[outcome] = (sum[outcome] ?? 0) + count;
  request.served = sum;
}
