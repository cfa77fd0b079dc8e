import type { Told } from '../../way-in/told.ts';

/** A failure as Anthropic's clients expect it, with Weir's own code and what else is known of it. */
export function errorBody(
  { status, code, message, param, problems, details }: Told,
  requestId: string,
): Readonly<Record<string, unknown>> {
  const told = problems === undefined ? details : { ...details, problems };
  return {
    type: 'error',
    // `details.error_code` is where newer clients look for a code.
    error: { ...told, type: typeOf(status), message, code, param, details: { error_code: code } },
    request_id: requestId,
  };
}

/** Anthropic's coarse word beside the code. */
function typeOf(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 503:
      return 'overloaded_error';
    case 504:
      return 'timeout_error';
    default:
      return status < 500 ? 'invalid_request_error' : 'api_error';
  }
}
