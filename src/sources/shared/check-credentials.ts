import type { Problem } from '../../errors/index.ts';
import { Secret } from '../../runtime/index.ts';
import type { UpstreamAuth } from '../rest/definition.ts';
import { checkUrl } from './check-url.ts';

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, section 5.5: visible characters, spaces and tabs between them, and bytes above ASCII. */
const HEADER_VALUE = /^[\x20-\x7e\t\x80-\xff]*$/;

/** The part of a registration that says what every request has with it. */
export interface CallHeadersInput {
  readonly auth?: UpstreamAuth;
  readonly headers?: readonly { readonly name: string; readonly value: string | Secret }[];
  readonly forwardHeaders?: readonly string[];
}

/**
 * What is wrong with the headers and credentials of every call. Values are secrets: no message shows one.
 * `place` is that of the input: `input.rest`.
 */
export function checkCredentials(input: CallHeadersInput, place: string): Problem[] {
  return [
    ...(input.headers ?? []).flatMap(({ name, value }, index) => [
      ...checkHeaderName(name, `${place}.headers.${index}.name`),
      ...checkHeaderValue(value, `${place}.headers.${index}.value`),
    ]),
    ...(input.forwardHeaders ?? []).flatMap((name, index) => checkHeaderName(name, `${place}.forwardHeaders.${index}`)),
    ...(input.auth === undefined ? [] : checkAuth(input.auth, `${place}.auth`)),
  ];
}

function checkAuth(auth: UpstreamAuth, place: string): Problem[] {
  if ('bearer' in auth) return checkHeaderValue(auth.bearer.token, `${place}.bearer.token`);
  if ('oauth2' in auth) return checkUrl(auth.oauth2.tokenUrl, `${place}.oauth2.tokenUrl`);
  if ('apiKey' in auth && auth.apiKey.in === 'HEADER') {
    const { name, value } = auth.apiKey;
    return [...checkHeaderName(name, `${place}.apiKey.name`), ...checkHeaderValue(value, `${place}.apiKey.value`)];
  }
  return [];
}

function checkHeaderName(name: string, path: string): Problem[] {
  if (HEADER_NAME.test(name)) return [];
  return [{ path, message: `Expected the name of an HTTP header; got ${JSON.stringify(name)}.` }];
}

function checkHeaderValue(value: string | Secret, path: string): Problem[] {
  if (HEADER_VALUE.test(value instanceof Secret ? value.reveal() : value)) return [];
  return [
    { path, message: 'Expected the value of an HTTP header, in one line; got one with control or other characters.' },
  ];
}
