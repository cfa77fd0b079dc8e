import { KEY_MARK, KEY_PREFIX } from './key-format.ts';

/** Request headers, names in lower case, as Node and Fastify give them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The header for a key when `Authorization` carries a credential meant for an upstream. */
export const KEY_HEADER = 'weir-key';

/** Where Anthropic's clients, and many others, send theirs. */
export const API_KEY_HEADER = 'x-api-key';

type KeyHeader = typeof KEY_HEADER | 'authorization' | typeof API_KEY_HEADER;

/** How a request presents a key. */
export type PresentedKey =
  | { readonly kind: 'none' }
  /** In a header of Weir's own, or marked as Weir's: it must be a valid key. */
  | { readonly kind: 'key'; readonly text: string; readonly header: KeyHeader }
  /** A token without Weir's mark: the key from the environment, or somebody else's. */
  | { readonly kind: 'bearer'; readonly text: string };

/**
 * Reads what a request presents. `weir-key` goes before `Authorization`, and that before `x-api-key`; what is not Weir's
 * is left for the upstreams.
 */
export function presentedKey(headers: RequestHeaders): PresentedKey {
  const own = single(headers[KEY_HEADER]);
  if (own !== undefined) return { kind: 'key', text: own, header: KEY_HEADER };
  const authorized = authorizedKey(single(headers.authorization));
  const apiKey = single(headers[API_KEY_HEADER]);
  if (authorized.kind === 'key' || apiKey === undefined) return authorized;
  if (apiKey.startsWith(KEY_MARK)) return { kind: 'key', text: apiKey, header: API_KEY_HEADER };
  return authorized.kind === 'bearer' ? authorized : { kind: 'bearer', text: apiKey };
}

/** Bearer tokens follow RFC 6750 section 2.1; the scheme is compared without case (RFC 9110 section 11.1). */
function authorizedKey(authorization: string | undefined): PresentedKey {
  const token = authorization === undefined ? undefined : /^bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (authorization === undefined) return { kind: 'none' };
  if (token === undefined) {
    // A key without its scheme, or with another: refused, rather than passed on to an upstream as a stranger's.
    const slip = authorization.includes(KEY_PREFIX);
    return slip ? { kind: 'key', text: authorization, header: 'authorization' } : { kind: 'none' };
  }
  if (token.startsWith(KEY_MARK)) return { kind: 'key', text: token, header: 'authorization' };
  return { kind: 'bearer', text: token };
}

/** Repeated headers are joined as RFC 9110 section 5.3 says; two keys then are no key. */
function single(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined || typeof value === 'string' ? value?.trim() : value.join(', ');
}
