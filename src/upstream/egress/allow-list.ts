import ipaddr from 'ipaddr.js';
import { parseAddress } from './address-class.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What an operator lists as reachable besides public addresses. */
export interface AllowList {
  hasAddress(address: Address): boolean;
  /** `host` in lower case, without a trailing dot. */
  hasHost(host: string): boolean;
}

/**
 * Reads CIDRs (`10.1.0.0/16`, `fd12::/32`), addresses (`127.0.0.1`), hosts (`api.internal`) and
 * every host below a domain (`*.svc.cluster.local`). Throws naming the entry that is none of these.
 */
export function readAllowList(entries: readonly string[]): AllowList {
  const ranges: [Address, number][] = [];
  const hosts = new Set<string>();
  const suffixes: string[] = [];
  for (const entry of entries) {
    const text = entry.trim().toLowerCase();
    const range = readRange(text);
    if (range !== undefined) ranges.push(range);
    else if (text.startsWith('*.') && isHost(text.slice(2))) suffixes.push(text.slice(1));
    else if (isHost(text)) hosts.add(text.replace(/\.$/, ''));
    else {
      throw new TypeError(
        `An egress allow entry must be a CIDR, an address, a host or *.domain, but got: ${JSON.stringify(entry)}`,
      );
    }
  }
  return {
    hasAddress: (address) => ranges.some((range) => address.kind() === range[0].kind() && address.match(...range)),
    hasHost: (host) => hosts.has(host) || suffixes.some((suffix) => host.endsWith(suffix)),
  };
}

function readRange(text: string): [Address, number] | undefined {
  const [literal = '', bits, ...rest] = text.split('/');
  const address = parseAddress(literal);
  if (address === undefined || rest.length > 0) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, width];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width ? [address, Number(bits)] : undefined;
}

function isHost(text: string): boolean {
  // A last label of digits only would be read as an IPv4 address by URL parsers.
  return (
    text.length <= 253 &&
    /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?!\d+\.?$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?$/.test(text)
  );
}
