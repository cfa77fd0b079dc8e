import type { Logger } from 'pino';
import type { ErrorAnswer } from '../../way-in/error-answers.ts';
import { type Told, tell } from '../../way-in/told.ts';
import type { WayIn } from '../../way-in/way-in.ts';
import { openAiName } from '../names.ts';

/** A failure as OpenAI's clients expect it. What is no client's business is masked, and logged. */
export function toldError(error: unknown, wayIn: WayIn | null, log: Logger): ErrorAnswer {
  const told = tell(error, wayIn, log, openAiName);
  const { status, headers, message, param, problems, details } = told;
  const more = problems === undefined ? details : { ...details, problems };
  return { status, headers, body: { error: { message, type: typeOf(status), param, code: codeOf(told), ...more } } };
}

/** Weir's own, but for the one code of OpenAI's that clients look for, to fall back on another model. */
function codeOf({ code, param }: Told): string {
  return code === 'NOT_FOUND' && param === 'model' ? 'model_not_found' : code;
}

/** OpenAI's coarse word beside the code. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
