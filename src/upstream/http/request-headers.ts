import type { HttpRequest } from '../types.ts';
import { CODINGS } from './answer-body.ts';

type RequestHeaders = HttpRequest['headers'];

/** Concern one connection only (RFC 9110 section 7.6.1), or are written by the client itself. */
const NOT_SENT = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'accept-encoding',
]);

/** All that may go to another origin than the one the request was made for: nothing that could be a credential. */
const SAFE_ELSEWHERE = new Set(['accept', 'accept-language', 'user-agent', 'content-type']);

const ACCEPTED = CODINGS.join(', ');

/** Never changed by anybody, so that they can be sent again. */
export type SentHeaders = Record<string, string | string[]>;

/** Those made of headers that cannot change, such as a source has that adds nothing of its own to a request. */
const madeBefore = new WeakMap<RequestHeaders, SentHeaders>();

/**
 * The headers as they are sent: without those of the connection, and offering just the codings that are undone
 * (none, when the request asks for `identity`).
 */
export function toSentHeaders(headers: RequestHeaders): SentHeaders {
  if (!Object.isFrozen(headers)) return make(headers);
  let sent = madeBefore.get(headers);
  if (sent === undefined) {
    sent = make(headers);
    madeBefore.set(headers, sent);
  }
  return sent;
}

function make(headers: RequestHeaders): SentHeaders {
  const sent: SentHeaders = {};
  let accepted = ACCEPTED;
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (lower === 'accept-encoding' && value === 'identity') accepted = 'identity';
    if (!NOT_SENT.has(lower)) sent[lower] = typeof value === 'string' ? value : [...value];
  }
  sent['accept-encoding'] = accepted;
  return sent;
}

/** What is left of the headers when a redirect leads to another origin. */
export function withoutCredentials(headers: RequestHeaders): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => SAFE_ELSEWHERE.has(name.toLowerCase())));
}

/** What is left of them when a redirect turns the request into a GET. */
export function withoutContent(headers: RequestHeaders): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('content-')));
}
