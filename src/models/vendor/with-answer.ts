import { Buffer } from 'node:buffer';
import type { UpstreamFailure } from '../../errors/index.ts';
import { failureFromVendor } from './read-error.ts';

/** Characters of a vendor's answer that an admin's trace shows. */
const SHOWN_CHARACTERS = 2000;

export interface FailedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The failure that an answer means, with the answer itself for admins, from which the account's secrets are taken. */
export function withAnswer(
  { status, headers, body }: FailedAnswer,
  secrets: readonly string[],
  now: number,
): UpstreamFailure {
  const text = Buffer.from(body).toString();
  const failure = failureFromVendor({ status, headers, text }, now);
  const clean = secrets.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, '[secret]')), text);
  const contentType = headers['content-type'];
  failure.keepAnswer({
    bytes: body.length,
    text: clean.slice(0, SHOWN_CHARACTERS),
    ...(contentType === undefined ? {} : { contentType }),
    ...(clean.length > SHOWN_CHARACTERS ? { cut: true } : {}),
  });
  return failure;
}
