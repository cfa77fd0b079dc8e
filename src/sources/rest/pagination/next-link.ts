import type { Target } from '../call/request/target.ts';
import { parseLinkHeader } from './link-header.ts';

/** What the `Link` header of an answer says about the page after it. */
export type NextLink =
  | { readonly kind: 'none' }
  /** Path below the endpoint's URL, and query: what an address is in cursors and cache keys. */
  | { readonly kind: 'next'; readonly address: string }
  /** There is a next page, and Weir does not go there. */
  | { readonly kind: 'unusable'; readonly why: string };

export interface LinkContext {
  /** The URL of the request that was answered. */
  readonly url: string;
  /** Path and query of the endpoint, which every request has and no address repeats. */
  readonly base: { readonly prefix: string; readonly query: string };
  /** `name=value` pairs of the source's credential: they never stand in an address. */
  readonly secrets: readonly string[];
}

/** Addresses end up in cursors, and cursors in URLs. */
const MAX_ADDRESS = 4_000;

/** Where `rel="next"` of a `Link` header leads (RFC 8288, RFC 5005 section 3). */
export function nextLink(header: string | undefined, context: LinkContext): NextLink {
  if (header === undefined) return { kind: 'none' };
  // A link with an anchor starts from something else than this answer (RFC 8288 section 3.2).
  const link = parseLinkHeader(header).find(({ rel, anchor }) => rel.includes('next') && anchor === undefined);
  return link === undefined ? { kind: 'none' } : follow(link.target, context);
}

/**
 * The address that a link makes. Only of the origin that answered, and below the endpoint's path: the next page is
 * fetched with the source's credential, from whichever endpoint is healthy then.
 */
export function follow(link: string, context: LinkContext): NextLink {
  const request = new URL(context.url);
  const url = URL.parse(link, request);
  if (url === null) return { kind: 'unusable', why: 'the next link is no URL' };
  if (url.origin !== request.origin) return { kind: 'unusable', why: 'the next link leads to another origin' };
  const prefix = context.base.prefix.replace(/\/+$/, '');
  if (!url.pathname.startsWith(`${prefix}/`)) {
    return { kind: 'unusable', why: "the next link leads outside of the endpoint's path" };
  }
  const ofEndpoint = new Set(context.base.query.split('&'));
  const secretNames = context.secrets.map((pair) => pair.slice(0, pair.indexOf('=') + 1));
  const query = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !ofEndpoint.has(pair) && !secretNames.some((name) => pair.startsWith(name)))
    .join('&');
  const address = `${url.pathname.slice(prefix.length)}${query === '' ? '' : `?${query}`}`;
  if (address.length > MAX_ADDRESS) return { kind: 'unusable', why: `the next link has ${address.length} characters` };
  return { kind: 'next', address };
}

/** The address as what a request is sent to. */
export function targetOf(address: string): Target {
  const mark = address.indexOf('?');
  return mark === -1 ? { path: address, query: '' } : { path: address.slice(0, mark), query: address.slice(mark + 1) };
}
