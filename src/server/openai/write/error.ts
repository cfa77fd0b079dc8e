import type { Logger } from 'pino';
import { WeirError } from '../../../errors/index.ts';
import { refusedStatus } from '../../error-answer.ts';
import { errorStatus, retryAfterSeconds } from '../../error-status.ts';
import { RequestRefused } from '../../way-in/refused.ts';
import type { WayIn } from '../../way-in/way-in.ts';
import { openAiName } from '../unsupported.ts';

/** A failure as OpenAI's clients expect it. */
export interface OpenAiError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Weir's code, as in docs/errors.md. */
  readonly code: string;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
}

const MASKED = 'Something went wrong inside Weir. The request id names it in the log.';

/** A failure as its client is told of it. What is no client's business is masked, and logged. */
export function toldError(error: unknown, wayIn: WayIn | null, log: Logger): OpenAiError {
  const told = openAiError(error);
  if (told === undefined) log.error({ requestId: wayIn?.id, err: error }, 'unexpected error');
  const { code } = told ?? masked;
  if (wayIn !== null) wayIn.errorCode = code;
  return told ?? masked;
}

/** Undefined for what is no client's business. */
export function openAiError(error: unknown): OpenAiError | undefined {
  if (error instanceof WeirError) return ofWeir(error);
  if (error instanceof RequestRefused) {
    const { problems } = error;
    return make(400, 'BAD_REQUEST', error.message, { param: problems[0]?.path || null, problems });
  }
  const status = refusedStatus(error);
  if (status === undefined) return undefined;
  return make(status, 'BAD_REQUEST', error instanceof Error ? error.message : 'The request cannot be read.');
}

function ofWeir(error: WeirError): OpenAiError {
  const { code, problems, param, unsupported, ...details } = error.details;
  const status = errorStatus(error);
  const after = retryAfterSeconds(error);
  const headers = {
    ...(after === undefined ? {} : { 'retry-after': String(after) }),
    ...(isUsedUp(error) ? { 'x-should-retry': 'false' } : {}),
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="weir"' } : {}),
  };
  // What a model could not honour is named as the client named it.
  const names = Array.isArray(unsupported) ? unsupported.map((name) => openAiName(String(name))) : undefined;
  const where = typeof param === 'string' ? param : (problems?.[0]?.path ?? names?.[0] ?? null);
  const told = { ...details, ...(problems && { problems }), ...(names && { unsupported: names }) };
  return make(status, error.code, error.message, { param: where, ...told, ...ownCode(error.code, where) }, headers);
}

/**
 * Clients try every 429 again within seconds: a budget that is spent is not back by then. What only calls under way hold
 * of one is, as a rule.
 */
function isUsedUp({ code, details }: WeirError): boolean {
  return code === 'QUOTA_EXCEEDED' || (code === 'BUDGET_EXCEEDED' && details.underWay !== true);
}

/** The one code of OpenAI's that clients look for, to fall back on another model. */
function ownCode(code: string, param: string | null): { readonly code?: 'model_not_found' } {
  return code === 'NOT_FOUND' && param === 'model' ? { code: 'model_not_found' } : {};
}

function make(
  status: number,
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): OpenAiError {
  return { status, code, headers, body: { error: { message, type: typeOf(status), param: null, code, ...details } } };
}

const masked: OpenAiError = make(500, 'INTERNAL_SERVER_ERROR', MASKED);

/** OpenAI's coarse word beside the code. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
