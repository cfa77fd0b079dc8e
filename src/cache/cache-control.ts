/** The directives of a response's Cache-Control that Weir obeys (RFC 9111 section 5.2.2, RFC 5861). */
export interface CacheControl {
  readonly noStore: boolean;
  readonly noCache: boolean;
  readonly private: boolean;
  readonly public: boolean;
  /** must-revalidate. */
  readonly mustRevalidate: boolean;
  readonly proxyRevalidate: boolean;
  /** Seconds. A value that is no number is 0: stale at once (RFC 9111 section 4.2.1). */
  readonly maxAge: number | undefined;
  readonly sMaxage: number | undefined;
  readonly staleWhileRevalidate: number | undefined;
  readonly staleIfError: number | undefined;
}

/** RFC 9111 section 1.2.2: a larger delta-seconds is as good as for ever. */
const LONGEST_SECONDS = 2 ** 31;

const DIRECTIVE = /([^\s,=;"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/g;

/**
 * Reads a Cache-Control header. `private="a"` and `no-cache="a"` count as unqualified, which is always safe;
 * a directive that comes twice counts with its most restrictive value.
 */
export function parseCacheControl(header: string | undefined): CacheControl {
  return header === undefined || header === '' ? NOTHING_SAID : parse(header);
}

function parse(header: string): CacheControl {
  const directives = new Map<string, number | undefined>();
  for (const [, name = '', quoted, token] of header.matchAll(DIRECTIVE)) {
    const key = name.toLowerCase();
    const seconds = readSeconds(quoted ?? token);
    const before = directives.get(key);
    directives.set(key, before === undefined ? seconds : Math.min(before, seconds));
  }
  return {
    noStore: directives.has('no-store'),
    noCache: directives.has('no-cache'),
    private: directives.has('private'),
    public: directives.has('public'),
    mustRevalidate: directives.has('must-revalidate'),
    proxyRevalidate: directives.has('proxy-revalidate'),
    maxAge: directives.get('max-age'),
    sMaxage: directives.get('s-maxage'),
    staleWhileRevalidate: directives.get('stale-while-revalidate'),
    staleIfError: directives.get('stale-if-error'),
  };
}

const NOTHING_SAID = parse('');

/** delta-seconds; 0 for anything else. */
export function readSeconds(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), LONGEST_SECONDS) : 0;
}
