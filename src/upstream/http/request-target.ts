import { failures } from './failures.ts';

/** Where a request goes, as its URL says. */
export interface RequestTarget {
  readonly url: URL;
  /** `url.origin`, which URL writes anew whenever it is asked. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly hasUserInfo: boolean;
}

/** Targets kept parsed. */
const MOST_KEPT = 64;

/**
 * Reads URLs that requests go to again and again, as all do to a GraphQL service, and keeps what it read last. URLs with
 * a query are not kept: they differ, and may hold a credential.
 */
export class RequestTargets {
  readonly #byHref = new Map<string, RequestTarget>();

  /** Throws UpstreamFailure for what is no URL of a request. */
  of(href: string): RequestTarget {
    const known = this.#byHref.get(href);
    if (known !== undefined) return known;
    const target = readTarget(href);
    if (target.url.search !== '' || target.hasUserInfo) return target;
    if (this.#byHref.size >= MOST_KEPT) this.#byHref.clear();
    this.#byHref.set(href, target);
    return target;
  }
}

/** Throws as `RequestTargets.of` does. */
export function readTarget(href: string): RequestTarget {
  const url = parseUrl(href);
  return {
    url,
    origin: url.origin,
    path: url.pathname + url.search,
    hasUserInfo: url.username !== '' || url.password !== '',
  };
}

export function parseUrl(href: string): URL {
  if (!URL.canParse(href)) throw failures.unsendable('the URL of a request must be absolute and have a valid host');
  return new URL(href);
}
