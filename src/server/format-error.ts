import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { ERROR_CODES, WeirError } from '../errors/index.ts';

const MASKED = 'Something went wrong inside Weir. The request id names it in the log.';
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  ...Object.keys(ERROR_CODES),
  ...Object.values(ApolloServerErrorCode).filter((code) => code !== ApolloServerErrorCode.INTERNAL_SERVER_ERROR),
  'BAD_REQUEST',
]);

/** Whether an error is ours to show; everything else is masked and logged. */
export function isPublicError(error: unknown, code: unknown): boolean {
  return unwrapResolverError(error) instanceof WeirError || PUBLIC_CODES.has(code);
}

/** The last step of every error: coded ones pass, unknown ones lose their message, none keeps a stack. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const code = formatted.extensions?.code;
  const place = {
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
  };
  if (code === ApolloServerErrorCode.GRAPHQL_PARSE_FAILED && /more tha[nt] \d+ tokens/.test(formatted.message)) {
    return { ...formatted, extensions: { code: 'QUERY_TOO_COMPLEX' } };
  }
  if (isPublicError(error, code)) {
    const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
    const weirError = unwrapResolverError(error);
    return weirError instanceof WeirError
      ? { message: weirError.message, ...place, extensions: weirError.extensions }
      : { message: withoutGivenValue(formatted.message), ...place, extensions };
  }
  return { message: MASKED, ...place, extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR } };
}

/**
 * graphql-js repeats a variable's value when it is of the wrong type, and what it is given may be a credential.
 * Its place and what was expected there stay.
 */
function withoutGivenValue(message: string): string {
  return message
    .replace(
      /^(Variable "\$\w+" got invalid value) [\s\S]*?((?: at "[^"]*")?; (?:Field|Expected|Value|Enum|\w+ cannot) )/,
      '$1$2',
    )
    .replace(/(String cannot represent a non string value): [\s\S]*$/, '$1.')
    .replace(/^(Variable [\s\S]*?\w+ cannot represent [\w -]*value): [\s\S]*$/, '$1.');
}
