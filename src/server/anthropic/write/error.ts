import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ErrorAnswer } from '../../way-in/error-answers.ts';
import { tell } from '../../way-in/told.ts';
import { anthropicName } from '../names.ts';

/** Anthropic's own words for it: their clients then go on with the whole conversation in each request. */
const NO_THREADS = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };

/** A failure as Anthropic's clients expect it, with Weir's own code. What is no client's business is masked, and logged. */
export function toldError(error: unknown, { id, wayIn }: FastifyRequest, log: Logger): ErrorAnswer {
  const { status, headers, code, message, param, problems, details } = tell(error, wayIn, log, anthropicName);
  const more = problems === undefined ? details : { ...details, problems };
  // Where newer clients look for a code.
  const forClients = problems?.some(({ path }) => path === 'thread') ? NO_THREADS : { error_code: code };
  const told = { type: typeOf(status), message, param, code, ...more, details: forClients };
  return { status, headers: { ...headers, 'request-id': id }, body: { type: 'error', error: told, request_id: id } };
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
