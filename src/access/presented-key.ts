import { KEY_MARK, KEY_PREFIX } from './key-format.ts';

/** Request headers, names in lower case, as Node and Fastify give them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The header for a key when `Authorization` carries a credential meant for an upstream. */
export const KEY_HEADER = 'weir-key';

/** How a request presents a key. */
export type PresentedKey =
  | { readonly kind: 'none' }
  /** In a header of Weir's own, or marked as Weir's: it must be a valid key. */
  | { readonly kind: 'key'; readonly text: string; readonly header: typeof KEY_HEADER | 'authorization' }
  /** A bearer token without Weir's mark: the key from the environment, or somebody else's token. */
  | { readonly kind: 'bearer'; readonly text: string };

/**
 * Reads what a request presents. `weir-key` goes before `Authorization`, which is then left for the upstreams.
 * Bearer tokens follow RFC 6750 section 2.1; the scheme is compared without case (RFC 9110 section 11.1).
 */
export function presentedKey(headers: RequestHeaders): PresentedKey {
  const own = single(headers[KEY_HEADER]);
  if (own !== undefined) return { kind: 'key', text: own, header: KEY_HEADER };
  const authorization = single(headers.authorization);
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
