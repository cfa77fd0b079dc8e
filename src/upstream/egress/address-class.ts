import ipaddr from 'ipaddr.js';
import { embeddedIpv4 } from './embedded-ipv4.ts';
import { isMetadataAddress } from './metadata.ts';

/**
 * What an address is to the egress rules, from worst to best:
 * `never` (link-local, cloud metadata, unspecified, multicast, broadcast) is refused even when listed;
 * `reserved` (documentation, benchmarking, not yet assigned) only goes when listed;
 * `private` (loopback, private, carrier-grade NAT, unique local) when listed or when private addresses are allowed;
 * `public` always.
 */
export type AddressClass = 'never' | 'reserved' | 'private' | 'public';

const WORST_FIRST: readonly AddressClass[] = ['never', 'reserved', 'private', 'public'];

/** Ranges of ipaddr.js; what is not named here and is not `unicast` is reserved, so a new range is refused. */
const CLASS_OF_RANGE: Readonly<Record<string, AddressClass>> = {
  unicast: 'public',
  loopback: 'private',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  unspecified: 'never',
  broadcast: 'never',
  multicast: 'never',
  linkLocal: 'never',
};

/** An address in an IPv6 that only carries an IPv4 is what that IPv4 is. */
const CARRIERS = new Set(['ipv4Mapped', 'rfc6145', 'rfc6052', '6to4', 'teredo']);

export function classify(address: ipaddr.IPv4 | ipaddr.IPv6): AddressClass {
  if (isMetadataAddress(address)) return 'never';
  const range = address.range();
  if (address instanceof ipaddr.IPv4) {
    // 0.0.0.0/8 is "this network": on Linux 0.0.0.0 reaches the machine itself.
    return address.octets[0] === 0 ? 'never' : (CLASS_OF_RANGE[range] ?? 'reserved');
  }
  if (range === 'loopback') return 'private'; // ::1 would also read as an embedded 0.0.0.1
  return worst([ownClass(address, range), ...embeddedIpv4(address).map(classify)]);
}

function ownClass(address: ipaddr.IPv6, range: string): AddressClass {
  if (CARRIERS.has(range)) return isLocalNat64(address) ? 'reserved' : 'public';
  // Only 2000::/3 is handed out for global unicast (RFC 4291 section 2.4, IANA); the rest is not assigned.
  if (range === 'unicast') return (address.parts[0] ?? 0) >> 13 === 1 ? 'public' : 'reserved';
  return CLASS_OF_RANGE[range] ?? 'reserved';
}

/** 64:ff9b:1::/48 (RFC 8215): what lies behind is the local network's own affair. */
function isLocalNat64({ parts }: ipaddr.IPv6): boolean {
  return parts[0] === 0x64 && parts[1] === 0xff9b && parts[2] === 1;
}

function worst(classes: readonly AddressClass[]): AddressClass {
  return WORST_FIRST.find((one) => classes.includes(one)) ?? 'never';
}

/** Parses a literal as sockets take it: four decimal parts, or IPv6 without zone; undefined for anything else. */
export function parseAddress(literal: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (literal.includes('%')) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(literal)) return ipaddr.IPv4.parse(literal);
  return ipaddr.IPv6.isValid(literal) ? ipaddr.IPv6.parse(literal) : undefined;
}
