import ipaddr from 'ipaddr.js';
import { type AddressClass, classify, parseAddress } from './address-class.ts';
import { readAllowList } from './allow-list.ts';
import { isMetadataHost } from './metadata.ts';

export interface EgressGuardOptions {
  /** CIDRs, addresses, hosts and `*.domain`s that may be reached besides public addresses. */
  readonly allow: readonly string[];
  /** Loopback, private, unique local and carrier-grade NAT addresses may be reached without being listed. */
  readonly allowPrivate: boolean;
}

/**
 * Decides where Weir may connect to. Link-local and cloud metadata addresses, and those that are
 * unspecified, multicast or broadcast, are refused in every spelling, even when listed.
 */
export interface EgressGuard {
  /**
   * What is wrong with the URL, judged by its text alone: scheme, credentials, port, literal addresses in
   * every spelling, hosts that are known to be refused. Undefined when a connection may be tried.
   * A host's addresses are only known when it is connected to; `checkAddress` judges those.
   */
  checkUrl(url: string | URL): string | undefined;
  /** What is wrong with connecting to `address`, to which `host` (lower case) resolved; undefined when allowed. */
  checkAddress(host: string, address: string): string | undefined;
}

export function createEgressGuard(options: EgressGuardOptions): EgressGuard {
  const allowed = readAllowList(options.allow);

  function permits(kind: AddressClass, host: string, address: ipaddr.IPv4 | ipaddr.IPv6 | undefined): boolean {
    switch (kind) {
      case 'public':
        return true;
      case 'never':
        return false;
      case 'private':
      case 'reserved': {
        const listed = allowed.hasHost(host) || (address !== undefined && allowed.hasAddress(unmapped(address)));
        return listed || (kind === 'private' && options.allowPrivate);
      }
      default: {
        const unknown: never = kind;
        return unknown;
      }
    }
  }

  function checkAddress(host: string, address: string): string | undefined {
    const parsed = parseAddress(address);
    if (parsed === undefined) return `must be an IP address without a zone, but got ${JSON.stringify(address)}`;
    const kind = classify(parsed);
    if (permits(kind, canonicalHost(host), parsed)) return undefined;
    return refusal(canonicalHost(host), kind);
  }

  function checkUrl(url: string | URL): string | undefined {
    const parsed = typeof url === 'string' ? parseUrl(url) : url;
    if (parsed === undefined) return 'must be an absolute URL with a valid host, such as https://api.example.com/v1';
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
      return `must be an http: or https: URL, but its scheme is ${parsed.protocol}`;
    }
    if (parsed.username !== '' || parsed.password !== '') {
      return 'must not carry a user name or password; use the auth of the source';
    }
    if (parsed.port === '0') return 'must not name port 0';
    const host = canonicalHost(parsed.hostname);
    const literal = parseAddress(host);
    if (literal !== undefined) return checkAddress(host, host);
    if (isMetadataHost(host)) return refusal(host, 'never');
    const local = host === 'localhost' || host.endsWith('.localhost');
    return local && !permits('private', host, undefined) && !localhostListed() ? refusal(host, 'private') : undefined;
  }

  function localhostListed(): boolean {
    return ['127.0.0.1', '::1'].some((address) => allowed.hasAddress(ipaddr.parse(address)));
  }

  return { checkUrl, checkAddress };
}

/** Lower case, without the brackets of IPv6 and without the dot that ends a fully qualified name. */
export function canonicalHost(hostname: string): string {
  const host = hostname.toLowerCase();
  return host.startsWith('[') ? host.slice(1, -1) : host.replace(/\.+$/, '');
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** ::ffff:10.0.0.1 is listed when 10.0.0.0/8 is: sockets treat them alike. */
function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function refusal(host: string, kind: AddressClass): string {
  return kind === 'never'
    ? `must not lead to a link-local, metadata, multicast or unspecified address, but ${host} does`
    : `must lead to a public address or to one listed in WEIR_EGRESS_ALLOW, but ${host} does not`;
}
