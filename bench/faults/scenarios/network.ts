import { startBlackhole } from '../../../test/support/blackhole.ts';
import { goodThing } from '../document.ts';
import { badAnswer, outage, type Scenario, unharmed } from '../scenario.ts';

const answering = (path: string) => ({ body: goodThing(path) });

/** Faults of the way between gateway and upstream, made by a TCP proxy or by the server's sockets. */
export const NETWORK: readonly Scenario[] = [
  {
    name: 'latency-small',
    group: 'latency',
    injected: '30 ms added to every piece, each way',
    proxied: true,
    promised: unharmed(),
    inject: ({ proxy }) => proxy?.poison({ latencyMs: 30 }),
    breaker: 'stays closed',
  },
  {
    name: 'latency-soft',
    group: 'latency',
    injected: '150 ms added each way: slower than a soft timeout of 200 ms, faster than the attempt timeout',
    proxied: true,
    policy: { softTimeoutMs: 200 },
    promised: { ...unharmed(), warm: { outcome: 'STALE' } },
    inject: ({ proxy }) => proxy?.poison({ latencyMs: 150 }),
    breaker: 'stays closed',
  },
  {
    name: 'latency-large',
    group: 'latency',
    injected: '400 ms added each way: slower than the attempt timeout',
    proxied: true,
    promised: outage('UPSTREAM_TIMEOUT', 'http_response_timeout'),
    inject: ({ proxy }) => proxy?.poison({ latencyMs: 400 }),
    breaker: 'opens',
  },
  {
    name: 'bandwidth',
    group: 'bandwidth',
    injected: '150 bytes a second each way',
    proxied: true,
    promised: outage('UPSTREAM_TIMEOUT', ['http_response_timeout', 'connection_read_timeout']),
    inject: ({ proxy }) => proxy?.poison({ bytesPerSecond: 150, sliceBytes: 40 }),
    breaker: 'opens',
  },
  {
    name: 'slice',
    group: 'slice',
    injected: 'every piece cut into single bytes, each written on its own',
    proxied: true,
    promised: unharmed(),
    inject: ({ proxy }) => proxy?.poison({ sliceBytes: 1 }),
    breaker: 'stays closed',
  },
  {
    name: 'refused',
    group: 'refused',
    injected: 'the port is closed',
    proxied: true,
    promised: outage('NO_HEALTHY_UPSTREAM', 'connection_refused'),
    inject: ({ proxy }) => proxy?.mode('refuse'),
    breaker: 'opens',
  },
  {
    name: 'blackhole-syn',
    group: 'blackhole',
    injected: 'connection attempts are never answered',
    promised: {
      cold: { outcome: 'FAILED', code: 'UPSTREAM_TIMEOUT', reason: 'connection_timeout' },
      backed: { outcome: 'BACKUP' },
      declared: { outcome: 'FALLBACK' },
    },
    primary: async (stage) => {
      const hole = await startBlackhole();
      stage.closers.push(() => hole.close());
      return hole.url;
    },
    inject: () => {},
    breaker: 'opens',
    noRecovery: true,
  },
  {
    name: 'blackhole-route',
    group: 'blackhole',
    injected: 'connections stay open, old and new, and carry nothing any more',
    proxied: true,
    promised: outage('UPSTREAM_TIMEOUT', 'http_response_timeout'),
    inject: ({ proxy }) => proxy?.mode('blackhole'),
    breaker: 'opens',
  },
  {
    name: 'half-open',
    group: 'half-open',
    injected: 'connections are accepted and never read',
    promised: outage('UPSTREAM_TIMEOUT', 'http_response_timeout'),
    inject: ({ primary }) => {
      primary.halfOpen(true);
      primary.resetConnections();
    },
    breaker: 'opens',
  },
  {
    name: 'silent',
    group: 'half-open',
    injected: 'requests are read and never answered',
    promised: outage('UPSTREAM_TIMEOUT', 'http_response_timeout'),
    inject: ({ primary }) => primary.behave({ kind: 'silent' }),
    breaker: 'opens',
  },
  {
    name: 'reset-connections',
    group: 'reset',
    injected: 'every connection is reset as it is accepted',
    proxied: true,
    // A reset that overtakes the end of the handshake is a refusal.
    promised: outage(['UPSTREAM_ERROR', 'NO_HEALTHY_UPSTREAM'], ['connection_terminated', 'connection_refused']),
    inject: ({ proxy }) => proxy?.mode('reset'),
    breaker: 'opens',
  },
  {
    name: 'reset-before-answer',
    group: 'reset',
    injected: 'a TCP reset instead of an answer',
    promised: outage('UPSTREAM_ERROR', 'connection_terminated'),
    inject: ({ primary }) => primary.behave({ kind: 'reset' }),
  },
  {
    name: 'reset-in-body',
    group: 'reset',
    injected: 'a TCP reset after half of the body',
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_response_incomplete'),
    inject: ({ primary }) =>
      primary.behave((request) => ({ kind: 'reset', when: 'in-body', ...answering(request.path) })),
    breaker: 'opens',
  },
  {
    name: 'close-before-answer',
    group: 'reset',
    injected: 'the connection is closed politely instead of an answer',
    promised: outage('UPSTREAM_ERROR', 'connection_terminated'),
    inject: ({ primary }) => primary.behave({ kind: 'close' }),
  },
  {
    name: 'close-in-headers',
    group: 'truncated',
    injected: 'the connection is closed in the middle of the headers',
    promised: outage(
      ['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_ERROR'],
      ['http_response_incomplete', 'connection_terminated'],
    ),
    inject: ({ primary }) => primary.behave({ kind: 'close', when: 'in-headers' }),
    breaker: 'opens',
  },
  {
    name: 'drip-body',
    group: 'slow drip',
    injected: 'a valid body, one byte each 60 ms',
    promised: outage('UPSTREAM_TIMEOUT', 'connection_read_timeout'),
    inject: ({ primary }) => primary.behave((request) => ({ kind: 'drip', everyMs: 60, ...answering(request.path) })),
    breaker: 'opens',
  },
  {
    name: 'drip-head',
    group: 'slow drip',
    injected: 'the headers, one byte each 60 ms',
    promised: outage('UPSTREAM_TIMEOUT', 'http_response_timeout'),
    inject: ({ primary }) =>
      primary.behave((request) => ({ kind: 'drip', from: 'head', everyMs: 60, ...answering(request.path) })),
    breaker: 'opens',
  },
  {
    name: 'deadline',
    group: 'deadline',
    injected: 'silence, with a deadline of 700 ms shorter than the attempt timeout of 3 s',
    policy: { deadlineMs: 700, attemptTimeoutMs: 3_000 },
    promised: badAnswer('DEADLINE_EXCEEDED', 'http_response_timeout'),
    inject: ({ primary }) => primary.behave({ kind: 'silent' }),
  },
];
