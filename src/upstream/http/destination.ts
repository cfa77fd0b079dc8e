import { canonicalHost } from '../egress/index.ts';

/** Where a connection goes. */
export interface Destination {
  readonly protocol: 'http:' | 'https:';
  /** Lower case, without brackets or a trailing dot. */
  readonly host: string;
  readonly port: number;
}

/** `url` has passed the egress guard, so its scheme is one of the two. */
export function destinationOf(url: URL): Destination {
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  return { protocol, host: canonicalHost(url.hostname), port: Number(url.port) || (protocol === 'https:' ? 443 : 80) };
}
