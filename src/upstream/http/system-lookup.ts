import { promises as dns } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { codeOf } from './failures.ts';

/** Finds the addresses of a host; rejects when there are none. Stops working on it when the signal aborts. */
export type Lookup = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/** getaddrinfo blocks one of the four threads that compression and files need too. */
const MAX_BLOCKING_LOOKUPS = 2;
let blockingLookups = 0;

/**
 * The machine's own way to find addresses: the hosts file, then the name servers by c-ares, which can be
 * cancelled and blocks no thread; only when those do not know the name, getaddrinfo, for search domains and mDNS.
 */
export const systemLookup: Lookup = async (host, signal) => {
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1']; // RFC 6761 section 6.3
  const listed = await fromHostsFile(host);
  if (listed.length > 0) return listed;
  try {
    return await fromNameServers(host, signal);
  } catch (error: unknown) {
    const unknown = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ECONNREFUSED', 'EREFUSED'].includes(codeOf(error));
    if (!unknown || signal.aborted || blockingLookups >= MAX_BLOCKING_LOOKUPS) throw error;
    return fromGetaddrinfo(host);
  }
};

async function fromHostsFile(host: string): Promise<readonly string[]> {
  if (process.platform === 'win32') return [];
  return findInHosts(await readFile('/etc/hosts', 'utf8').catch(() => ''), host);
}

/** The addresses that a hosts file (hosts(5)) gives to `host`, which is in lower case. */
export function findInHosts(text: string, host: string): readonly string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address && names.some((name) => name.toLowerCase() === host)) found.push(address);
  }
  return found;
}

async function fromNameServers(host: string, signal: AbortSignal): Promise<string[]> {
  const resolver = new dns.Resolver({ timeout: 1000, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = [v4, v6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (found.length > 0 || v4.status === 'fulfilled') return found;
    throw v4.reason;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function fromGetaddrinfo(host: string): Promise<string[]> {
  blockingLookups += 1;
  try {
    return (await dns.lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);
  } finally {
    blockingLookups -= 1;
  }
}
