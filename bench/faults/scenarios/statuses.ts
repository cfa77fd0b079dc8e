import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { describeSeen, seenOf } from '../check.ts';
import { goodThing } from '../document.ts';
import { outage, type Role, type Scenario, UPSTREAM_SECRET, unharmed } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const LONGEST_RETRY_AFTER_MS = 300_000;

/** 429 with this Retry-After; `atLeast` and `atMost` bound what clients are told, undefined: nothing. */
function tooMany(
  name: string,
  injected: string,
  retryAfter: () => string | undefined,
  told: { readonly atLeast: number; readonly atMost: number } | undefined,
): Scenario {
  return {
    name,
    group: '429',
    injected,
    promised: outage('UPSTREAM_OVERLOADED', ['http_request_denied', 'destination_unavailable']),
    inject: ({ primary }) => {
      const value = retryAfter();
      const headers = value === undefined ? {} : { 'retry-after': value };
      primary.behave({ kind: 'answer', status: 429, headers, body: UPSTREAM_SECRET });
    },
    async also(stage) {
      const before = stage.primary.requests.length;
      const seen = seenOf(stage, 'cold', await stage.ask('cold'));
      const asked = stage.primary.requests.length - before;
      if (told === undefined) {
        if (asked === 0) throw new Error('the upstream was left alone although it named no time');
        return `asked again at once, ${asked} attempts in the next call`;
      }
      if (asked > 0) throw new Error(`the upstream was asked ${asked} times before the time it named`);
      const { retryAfterMs } = seen;
      if (retryAfterMs === undefined || retryAfterMs < told.atLeast || retryAfterMs > told.atMost) {
        throw new Error(`retryAfterMs is ${retryAfterMs}, not ${told.atLeast} to ${told.atMost}`);
      }
      return `left alone; clients are told to wait ${(retryAfterMs / 1000).toFixed(1)} s`;
    },
    noRecovery: true,
  };
}

/** Queries one after another, `everyMs`, for `ms`, and counts how each role was served. */
async function watch(stage: Stage, ms: number, everyMs: number, allowed: (role: Role, text: string) => boolean) {
  const counts = new Map<string, number>();
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const answer = await stage.ask();
    for (const role of stage.roles) {
      const text = describeSeen(seenOf(stage, role, answer));
      if (!allowed(role, text)) throw new Error(`${role} was ${text}`);
      const key = `${role} ${text}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    await sleep(everyMs);
  }
  return [...counts].map(([key, count]) => `${count} × ${key}`).join(', ');
}

const AS_BACKED = /^(FRESH|BACKUP)$/;
const AS_COLD = /^(FRESH|STALE|FAILED UPSTREAM_ERROR destination_unavailable|FAILED NO_HEALTHY_UPSTREAM circuit_open)$/;
const ALLOWED: Readonly<Record<Role, RegExp>> = {
  cold: AS_COLD,
  backed: AS_BACKED,
  warm: /^(FRESH|STALE)$/,
  declared: /^(FRESH|STALE|FALLBACK)$/,
};

/** Good HTTP that says no. */
export const STATUSES: readonly Scenario[] = [
  tooMany('429-seconds', '429 with Retry-After: 30', () => '30', { atLeast: 20_000, atMost: 30_000 }),
  tooMany('429-date', '429 with Retry-After: a date in 60 s', () => new Date(Date.now() + 60_000).toUTCString(), {
    atLeast: 50_000,
    atMost: 60_000,
  }),
  tooMany('429-far', '429 with Retry-After: a year', () => '31536000', {
    atLeast: LONGEST_RETRY_AFTER_MS - 10_000,
    atMost: LONGEST_RETRY_AFTER_MS,
  }),
  tooMany('429-junk', '429 with Retry-After: soon', () => 'soon', undefined),
  tooMany('429-none', '429 without Retry-After', () => undefined, undefined),
  {
    name: '5xx-all',
    group: '5xx',
    injected: 'every answer is 503 with a body',
    promised: outage('UPSTREAM_ERROR', 'destination_unavailable'),
    inject: ({ primary }) => primary.behave({ kind: 'answer', status: 503, body: UPSTREAM_SECRET }),
    breaker: 'opens',
  },
  {
    name: '5xx-retry-after',
    group: '5xx',
    injected: 'every answer is 503 with Retry-After: 20',
    promised: outage(['UPSTREAM_ERROR', 'UPSTREAM_OVERLOADED'], 'destination_unavailable'),
    inject: ({ primary }) => primary.behave({ kind: 'answer', status: 503, headers: { 'retry-after': '20' } }),
    async also(stage) {
      const before = stage.primary.requests.length;
      const seen = seenOf(stage, 'cold', await stage.ask('cold'));
      if (stage.primary.requests.length > before) throw new Error('the upstream was asked before the time it named');
      return `left alone; clients are told to wait ${((seen.retryAfterMs ?? 0) / 1000).toFixed(1)} s`;
    },
    noRecovery: true,
  },
  {
    name: '5xx-tenth',
    group: '5xx',
    injected: 'every tenth answer, by lot, is 500',
    promised: unharmed(),
    inject: ({ primary }) => {
      const random = seededRandom(5);
      primary.behave((request) =>
        random.next() < 0.1
          ? { kind: 'answer', status: 500, body: UPSTREAM_SECRET }
          : { kind: 'answer', body: goodThing(request.path) },
      );
    },
    async also(stage) {
      let answered = 0;
      for (let i = 0; i < 200; i++) {
        if (seenOf(stage, 'cold', await stage.ask('cold', {}, `t${i}`)).outcome === 'FRESH') answered++;
      }
      if (answered < 199) throw new Error(`only ${answered} of 200 further queries were answered`);
      return `${answered} of 200 further queries answered, by retries`;
    },
  },
  {
    name: 'flapping',
    group: 'flapping',
    injected: 'one second well, one second 503, for six seconds',
    promised: unharmed(),
    inject: ({ primary }) => {
      const start = performance.now();
      primary.behave((request) =>
        Math.floor((performance.now() - start) / 1000) % 2 === 1
          ? { kind: 'answer', status: 503, body: UPSTREAM_SECRET }
          : { kind: 'answer', body: goodThing(request.path) },
      );
    },
    also: (stage) => watch(stage, 6_000, 40, (role, text) => ALLOWED[role].test(text)),
  },
  {
    name: '404',
    group: 'refusals',
    injected: '404: an answer, and no outage',
    promised: {
      cold: { outcome: 'FAILED', code: 'UPSTREAM_REJECTED', reason: 'http_request_error' },
      backed: { outcome: 'FAILED', code: 'UPSTREAM_REJECTED' },
      warm: { outcome: 'FAILED', code: 'UPSTREAM_REJECTED' },
      declared: { outcome: 'FAILED', code: 'UPSTREAM_REJECTED' },
    },
    inject: ({ primary }) => primary.behave({ kind: 'answer', status: 404, body: UPSTREAM_SECRET }),
    breaker: 'stays closed',
  },
  {
    name: '408',
    group: 'refusals',
    injected: '408 Request Timeout',
    promised: outage('UPSTREAM_TIMEOUT', 'http_response_timeout'),
    inject: ({ primary }) => primary.behave({ kind: 'answer', status: 408, body: UPSTREAM_SECRET }),
    breaker: 'opens',
  },
];
