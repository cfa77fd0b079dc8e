import type { Logger } from 'pino';
import { type Problem, WeirError } from '../../errors/index.ts';
import { refusedStatus } from '../error-answer.ts';
import { errorStatus, retryAfterSeconds } from '../error-status.ts';
import { RequestRefused } from './refused.ts';
import type { NameOf } from './unsupported.ts';
import type { WayIn } from './way-in.ts';

/** A failure as a client may be told of it, before it is put into a vendor's format. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Weir's code, as in docs/errors.md. */
  readonly code: string;
  readonly message: string;
  /** The parameter, or the place, that is to blame. */
  readonly param: string | null;
  readonly problems: readonly Problem[] | undefined;
  /** More that is known of it. */
  readonly details: Readonly<Record<string, unknown>>;
}

const NOTHING_MORE = { headers: {}, param: null, problems: undefined, details: {} };

/** A failure as its client is told of it, in its own names. What is no client's business is masked, and logged. */
export function tell(error: unknown, wayIn: WayIn | null, log: Logger, nameOf: NameOf): Told {
  const told = toldOf(wayIn?.ended ?? error, nameOf);
  if (told === undefined) log.error({ requestId: wayIn?.id, err: error }, 'unexpected error');
  const { code } = told ?? MASKED;
  if (wayIn !== null) wayIn.errorCode = code;
  return told ?? MASKED;
}

/** Undefined for what is no client's business. */
function toldOf(error: unknown, nameOf: NameOf): Told | undefined {
  if (error instanceof WeirError) return ofWeir(error, nameOf);
  const refused = { ...NOTHING_MORE, code: 'BAD_REQUEST' };
  if (error instanceof RequestRefused) {
    const { message, problems, statusCode: status } = error;
    return { ...refused, status, message, param: problems[0]?.path || null, problems };
  }
  const status = refusedStatus(error);
  if (status === undefined) return undefined;
  return { ...refused, status, message: error instanceof Error ? error.message : 'The request cannot be read.' };
}

function ofWeir(error: WeirError, nameOf: NameOf): Told {
  const { code, message } = error;
  const { code: _, problems, param, unsupported, ...details } = error.details;
  const status = errorStatus(error);
  const after = retryAfterSeconds(error);
  const headers = {
    ...(after === undefined ? {} : { 'retry-after': String(after) }),
    ...(isUsedUp(error) ? { 'x-should-retry': 'false' } : {}),
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="weir"' } : {}),
  };
  // What a model could not honour is named as the client named it.
  const names = Array.isArray(unsupported) ? unsupported.map((name) => nameOf(String(name))) : undefined;
  const where = typeof param === 'string' ? param : (problems?.[0]?.path ?? names?.[0] ?? null);
  const told = names === undefined ? details : { ...details, unsupported: names };
  return { status, headers, code, message, param: where, problems, details: told };
}

/**
 * Clients try every 429 again within seconds: a budget that is spent is not back by then. What only calls under way hold
 * of one is, as a rule.
 */
function isUsedUp({ code, details }: WeirError): boolean {
  return code === 'QUOTA_EXCEEDED' || (code === 'BUDGET_EXCEEDED' && details.underWay !== true);
}

const MASKED: Told = {
  ...NOTHING_MORE,
  status: 500,
  code: 'INTERNAL_SERVER_ERROR',
  message: 'Something went wrong inside Weir. The request id names it in the log.',
};
