import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { seenOf } from '../check.ts';
import type { DnsFault } from '../dns/fault-dns.ts';
import { outage, type Promised, type Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** Answers of DNS are used for 5 s without asking again. */
const DNS_FRESH_MS = 5_500;

/** Without `warm`: there was never a good answer. */
function neverGood(
  code: string,
  reason: string | readonly string[],
): Readonly<Record<'cold' | 'backed' | 'declared', Promised>> {
  return {
    cold: { outcome: 'FAILED', code, reason },
    backed: { outcome: 'BACKUP' },
    declared: { outcome: 'FALLBACK' },
  };
}

/** A primary whose host name meets this fault from the beginning. */
function badName(
  name: string,
  injected: string,
  fault: DnsFault,
  reason: string | readonly string[],
  code = 'NO_HEALTHY_UPSTREAM',
): Scenario {
  return {
    name,
    group: 'DNS',
    injected,
    promised: neverGood(code, reason),
    primary: async (stage) => {
      const host = `${name}.weir-faults.test`;
      stage.theatre.dns.behave(host, fault);
      return `http://${host}:${stage.primary.port}`;
    },
    inject: () => {},
    noRecovery: true,
  };
}

const trustedHost = (stage: Stage): string => `https://127.0.0.1:${stage.primary.port}`;

/** A primary that speaks TLS well, until it is replaced on its port. */
async function secured(stage: Stage): Promise<string> {
  await stage.replacePrimary({ tls: stage.theatre.certificates.trusted });
  return trustedHost(stage);
}

/** Finding and trusting the upstream. */
export const NAMES: readonly Scenario[] = [
  badName('dns-not-found', 'the host name does not exist', { kind: 'not-found' }, 'dns_error'),
  badName('dns-failing', 'the name server answers SERVFAIL', { kind: 'server-failure' }, 'dns_error'),
  {
    ...badName('dns-hanging', 'the name server never answers', { kind: 'silent' }, ['dns_timeout']),
    // DNS has a second of its own, so an attempt must be given more to see whose fault it was.
    policy: { deadlineMs: 4_000, attemptTimeoutMs: 1_500 },
  },
  {
    name: 'dns-rebinding',
    group: 'DNS',
    injected: 'a good host name leads to the metadata address of clouds from now on',
    promised: outage('NO_HEALTHY_UPSTREAM', 'destination_ip_prohibited'),
    primary: async (stage) => {
      stage.theatre.dns.behave('dns-rebinding.weir-faults.test', { kind: 'address', address: '127.0.0.1' });
      return `http://dns-rebinding.weir-faults.test:${stage.primary.port}`;
    },
    async inject(stage) {
      stage.theatre.dns.behave('dns-rebinding.weir-faults.test', { kind: 'address', address: '169.254.169.254' });
      await sleep(DNS_FRESH_MS);
      stage.primary.resetConnections();
    },
    breaker: 'opens',
    noRecovery: true,
  },
  {
    name: 'dns-lost',
    group: 'DNS',
    injected: 'the name server falls silent after a good start; all connections are new',
    promised: { cold: { outcome: 'FRESH' } },
    policy: { deadlineMs: 4_000, attemptTimeoutMs: 1_500 },
    primary: async (stage) => {
      const host = 'dns-lost.weir-faults.test';
      stage.theatre.dns.behave(host, { kind: 'address', address: '127.0.0.1' });
      return `http://${host}:${stage.primary.port}`;
    },
    async inject(stage) {
      await stage.ask('cold');
      stage.theatre.dns.behave('dns-lost.weir-faults.test', { kind: 'silent' });
      await sleep(DNS_FRESH_MS);
      stage.primary.resetConnections();
    },
    async also(stage) {
      const { outcome } = seenOf(stage, 'cold', await stage.ask('cold', {}, 'two'));
      if (outcome !== 'FRESH') throw new Error(`another call was ${outcome}`);
      return 'the last good address goes on serving';
    },
    noRecovery: true,
  },
  {
    name: 'tls-self-signed',
    group: 'TLS',
    injected: 'the certificate is replaced by one that nobody signed',
    primary: secured,
    promised: outage('NO_HEALTHY_UPSTREAM', 'tls_certificate_error'),
    inject: (stage) => stage.replacePrimary({ tls: stage.theatre.certificates.untrusted }),
    breaker: 'opens',
    noRecovery: true,
  },
  {
    name: 'tls-wrong-name',
    group: 'TLS',
    injected: 'the certificate is trusted, and for another host',
    primary: secured,
    promised: outage('NO_HEALTHY_UPSTREAM', 'tls_certificate_error'),
    inject: (stage) => stage.replacePrimary({ tls: stage.theatre.certificates.wrongName }),
    breaker: 'opens',
    noRecovery: true,
  },
  {
    name: 'tls-plain',
    group: 'TLS',
    injected: 'the port speaks plain HTTP now',
    primary: secured,
    promised: outage('NO_HEALTHY_UPSTREAM', 'tls_protocol_error'),
    async inject(stage) {
      const { port } = stage;
      await stage.primary.close();
      const plain = createServer();
      await new Promise<void>((resolve) => plain.listen(port, '127.0.0.1', resolve));
      stage.closers.push(async () => void plain.close());
    },
    breaker: 'opens',
    noRecovery: true,
  },
  {
    name: 'tls-hanging',
    group: 'TLS',
    injected: 'the handshake is never answered',
    primary: secured,
    promised: outage('UPSTREAM_TIMEOUT', 'connection_timeout'),
    async inject(stage) {
      await stage.replacePrimary({ tls: stage.theatre.certificates.trusted });
      stage.primary.halfOpen(true);
    },
    breaker: 'opens',
  },
];
