import type { Problem } from '../../../errors/index.ts';
import { Secret } from '../../secret.ts';
import type { RestInput, UpstreamAuth } from '../definition.ts';
import { checkUrl } from './check-url.ts';

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, section 5.5: visible characters, spaces and tabs between them, and bytes above ASCII. */
const HEADER_VALUE = /^[\x20-\x7e\t\x80-\xff]*$/;

/** What is wrong with the headers and credentials of every call. Values are secrets: no message shows one. */
export function checkCredentials(input: RestInput): Problem[] {
  return [
    ...(input.headers ?? []).flatMap(({ name, value }, index) => [
      ...checkHeaderName(name, `input.rest.headers.${index}.name`),
      ...checkHeaderValue(value, `input.rest.headers.${index}.value`),
    ]),
    ...(input.forwardHeaders ?? []).flatMap((name, index) =>
      checkHeaderName(name, `input.rest.forwardHeaders.${index}`),
    ),
    ...(input.auth === undefined ? [] : checkAuth(input.auth)),
  ];
}

function checkAuth(auth: UpstreamAuth): Problem[] {
  const place = 'input.rest.auth';
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
