import { setTimeout as sleep } from 'node:timers/promises';
import { seenOf } from '../check.ts';
import { badAnswer, outage, type Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const requestsOf = (stage: Stage, role: string, method: string): number =>
  stage.primary.requests.filter((one) => one.method === method && one.path.startsWith(`/${role}/`)).length;

async function make(stage: Stage, role: 'cold' | 'backed') {
  const answer = await stage.gateway.ask(`mutation { ${stage.source(role)} { makeThing { id name } } }`);
  return seenOf(stage, role, answer);
}

/** Redirects, clients that leave, sources that are paused, and writes. */
export const BEHAVIOUR: readonly Scenario[] = [
  {
    name: 'redirect',
    group: 'redirect loops',
    injected: '302 to the same URL; redirects are not followed by default',
    promised: badAnswer('UPSTREAM_INVALID_RESPONSE', 'http_protocol_error'),
    inject: ({ primary }) => primary.behave({ kind: 'redirect' }),
    async also(stage) {
      const asked = requestsOf(stage, 'cold', 'GET');
      if (asked !== 1) throw new Error(`the upstream was asked ${asked} times`);
      return 'not followed';
    },
  },
  {
    name: 'redirect-loop',
    group: 'redirect loops',
    injected: '302 to the same URL, with a policy that follows three',
    policy: { followRedirects: 3 },
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_protocol_error'),
    inject: ({ primary }) => primary.behave({ kind: 'redirect' }),
    async also(stage) {
      const asked = requestsOf(stage, 'declared', 'GET');
      if (asked > 12) throw new Error(`the upstream was asked ${asked} times in one call`);
      return `followed three times an attempt, ${asked} requests`;
    },
  },
  {
    name: 'redirect-inside',
    group: 'redirect loops',
    injected: '302 to the metadata address of clouds, with a policy that follows three',
    policy: { followRedirects: 3 },
    promised: outage('NO_HEALTHY_UPSTREAM', 'destination_ip_prohibited'),
    inject: ({ primary }) => primary.behave({ kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data' }),
  },
  {
    name: 'client-leaves',
    group: 'client that leaves',
    injected: 'silence, and a client that goes away after 150 ms',
    promised: { cold: { outcome: 'FRESH' } },
    policy: { deadlineMs: 8_000, attemptTimeoutMs: 8_000 },
    inject: () => {},
    async also(stage) {
      stage.primary.behave({ kind: 'silent' });
      const before = stage.primary.requests.length;
      const leaving = new AbortController();
      const gone = stage.ask('cold', { signal: leaving.signal }, 'left').catch(() => undefined);
      await stage.primary.until((server) => server.requests.length > before);
      await sleep(150);
      leaving.abort();
      await gone;
      const started = performance.now();
      await Promise.race([stage.primary.until((server) => server.openSockets === 0), sleep(1_000)]);
      const ms = Math.round(performance.now() - started);
      if (stage.primary.openSockets > 0) throw new Error('the call goes on a second after its only client left');
      return `the call to the upstream ended ${ms} ms after its only client left`;
    },
  },
  {
    name: 'first-client-leaves',
    group: 'client that leaves',
    injected: 'two clients wait for one slow call, and the one who began it goes away',
    promised: { cold: { outcome: 'FRESH' } },
    inject: () => {},
    async also(stage) {
      let answer = (): void => {};
      const until = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const before = stage.primary.requests.length;
      const body = { id: 'shared', name: 'primary', size: 1 };
      stage.primary.behave({ kind: 'gate', until, fault: { kind: 'answer', body } });
      const leaving = new AbortController();
      const first = stage.ask('cold', { signal: leaving.signal }, 'shared').catch(() => undefined);
      await stage.primary.until((server) => server.requests.length > before);
      const second = stage.ask('cold', {}, 'shared');
      await sleep(100);
      leaving.abort();
      await first;
      answer();
      const { outcome } = seenOf(stage, 'cold', await second);
      const calls = stage.primary.requests.length - before;
      if (outcome !== 'FRESH' || calls !== 1) throw new Error(`the second client got ${outcome} after ${calls} calls`);
      return 'the second client got the answer of the one call';
    },
  },
  {
    name: 'source-paused',
    group: 'source paused',
    injected: 'pauseSource on every source, while the upstream is well',
    promised: badAnswer('NO_HEALTHY_UPSTREAM', 'source_paused'),
    async inject(stage) {
      for (const role of stage.roles) {
        await stage.gateway.admin('mutation ($name: ID!) { pauseSource(name: $name) { name } }', {
          name: stage.source(role),
        });
      }
    },
    async also(stage) {
      const asked = requestsOf(stage, 'cold', 'GET');
      if (asked > 0) throw new Error(`the upstream was asked ${asked} times`);
      for (const role of stage.roles) {
        await stage.gateway.admin('mutation ($name: ID!) { resumeSource(name: $name) { name } }', {
          name: stage.source(role),
        });
      }
      return 'no calls went out';
    },
  },
  {
    name: 'write-reset',
    group: 'writes',
    injected: 'a mutation whose connection is reset: nobody knows whether it arrived',
    promised: { cold: { outcome: 'FRESH' }, backed: { outcome: 'FRESH' } },
    inject: () => {},
    async also(stage) {
      stage.primary.behave({ kind: 'reset' });
      const seen = await make(stage, 'backed');
      const sent = requestsOf(stage, 'backed', 'POST');
      if (seen.outcome !== 'FAILED' || sent !== 1 || seen.reason !== 'connection_terminated') {
        throw new Error(`${seen.outcome} ${seen.reason} after ${sent} requests`);
      }
      return 'FAILED UPSTREAM_ERROR connection_terminated, sent once, to one endpoint';
    },
  },
  {
    name: 'write-refused',
    group: 'writes',
    injected: 'a mutation whose primary refuses connections: it provably did not leave',
    proxied: true,
    promised: { cold: { outcome: 'FRESH' }, backed: { outcome: 'FRESH' } },
    inject: () => {},
    async also(stage) {
      await stage.proxy?.mode('refuse');
      const { outcome } = await make(stage, 'backed');
      const sent = stage.backup.requests.filter((one) => one.method === 'POST').length;
      if (outcome !== 'BACKUP' || sent !== 1) throw new Error(`${outcome} after ${sent} requests to the backup`);
      return 'BACKUP, sent once';
    },
  },
];
