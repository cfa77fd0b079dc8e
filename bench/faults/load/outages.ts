import { setTimeout as sleep } from 'node:timers/promises';
import { startBlackhole } from '../../../test/support/blackhole.ts';
import { between, ms, p50, p99, shares } from './measure.ts';
import {
  apart,
  ids,
  type LoadPromise,
  load,
  publish,
  RATE,
  seconds,
  startUpstreams,
  touching,
  warmUp,
} from './promise.ts';

const KEYS = 50;
/** A call per key and back-off; a failed refresh waits so long for the next. */
const REFRESH_BACKOFF_MS = 5_000;
/** Calls in flight that a source begins with; as many may queue for a place, for 100 ms at first. */
const FIRST_LIMIT = 20;
/** Two runs of the same load on a machine of few cores differ by so much. */
const NOISE_MS = 2;

export const OUTAGES: readonly LoadPromise[] = [
  {
    name: 'primary-refused',
    quick: true,
    injected: 'the primary refuses connections, the backup is well',
    promised: 'at least 99.9 % answered, none failing after the first second, p99 at most B + 50 ms',
    async run(stage, note) {
      const [primary, backup] = await startUpstreams(stage, 2);
      if (primary === undefined || backup === undefined) return;
      await publish(stage, 'refused', [primary.url, backup.url]);
      const query = touching('refused', ids(10_000));
      await warmUp(stage, query);
      const healthy = await load(stage, [query], seconds(stage, 10));
      await primary.mode({ kind: 'refused' });
      const records = await load(stage, [query], seconds(stage, 60));
      const failed = records.filter(({ outcome }) => outcome === 'FAILED' || outcome === 'NONE');
      const late = between(records, 1_000).filter((one) => failed.includes(one));
      note.see(`B: p50 ${ms(p50(healthy))}, p99 ${ms(p99(healthy))}`);
      note.see(shares(records));
      const answered = 100 - (100 * failed.length) / records.length;
      note.expect(answered >= 99.9, `${answered.toFixed(2)} % of ${records.length} answered`);
      note.expect(late.length === 0, `${late.length} failed after the first second`);
      note.expect(p99(records) <= p99(healthy) + 50, `p50 ${ms(p50(records))}, p99 ${ms(p99(records))}`);
    },
  },
  {
    name: 'all-down-warm',
    quick: true,
    injected:
      'every endpoint reads requests and ends the connection; the cache has an answer for every key, good for a second',
    promised: 'all answered, marked STALE, p99 at most B + 10 ms, at most one attempt per key and endpoint in 5 s',
    async run(stage, note) {
      const upstreams = await startUpstreams(stage, 2);
      await publish(
        stage,
        'warm',
        upstreams.map(({ url }) => url),
        { cache: { ttlSeconds: 1 } },
      );
      const query = touching('warm', ids(KEYS));
      await warmUp(stage, query);
      // Other keys, so that B is that of calls, not of cached answers.
      const healthy = await load(stage, [touching('warm', ids(10_000, 'b'))], seconds(stage, 10));
      await load(stage, [query], 1);
      for (const upstream of upstreams) await upstream.mode({ kind: 'cut' });
      for (const upstream of upstreams) await upstream.drain();
      await sleep(1_000);
      const records = await load(stage, [query], seconds(stage, 30));
      note.see(`B: p50 ${ms(p50(healthy))}, p99 ${ms(p99(healthy))}`);
      note.expect(
        records.every(({ outcome }) => outcome === 'STALE'),
        shares(records),
      );
      note.expect(p99(records) <= p99(healthy) + 10, `p50 ${ms(p50(records))}, p99 ${ms(p99(records))}`);
      let most = 0;
      let all = 0;
      for (const upstream of upstreams) {
        const seen = await upstream.drain();
        all += seen.length;
        for (const { at, path } of seen) {
          const close = seen.filter((one) => one.path === path && one.at >= at && one.at < at + REFRESH_BACKOFF_MS);
          most = Math.max(most, close.length);
        }
      }
      note.expect(most <= 1, `at most ${most} attempts per key and endpoint in 5 s, ${all} in all`);
    },
  },
  {
    name: 'all-down-cold',
    injected: 'every endpoint refuses connections; nothing is in the cache',
    promised: "the other sources' fields are all there, p99 at most 20 ms once the breakers are open",
    async run(stage, note) {
      const upstreams = await startUpstreams(stage, 2);
      await publish(
        stage,
        'cold',
        upstreams.map(({ url }) => url),
      );
      await warmUp(stage, touching('cold', ids(10, 'w')));
      const healthy = await load(stage, [touching('cold', ids(10_000, 'b'))], seconds(stage, 10));
      for (const upstream of upstreams) await upstream.mode({ kind: 'refused' });
      const records = await load(stage, [touching('cold', ids(10_000))], seconds(stage, 30));
      const open = between(records, 1_000);
      note.see(`B: p50 ${ms(p50(healthy))}, p99 ${ms(p99(healthy))}`);
      note.see(shares(records));
      const missing = records.filter(({ siblingOk }) => !siblingOk);
      note.expect(missing.length === 0, `the sibling's field is missing in ${missing.length} of ${records.length}`);
      note.expect(p99(open) <= 20, `after the first second p50 ${ms(p50(open))}, p99 ${ms(p99(open))}`);
    },
  },
  {
    name: 'blackholed',
    injected: 'the only endpoint never answers connection attempts; half of the queries do not touch it',
    promised:
      'at most 20 requests wait for the connect timeout and 20 queue for a place, 99 % of the rest are answered within 20 ms; the other queries keep to 1.2 × B',
    async run(stage, note) {
      const [well] = await startUpstreams(stage, 1);
      if (well === undefined) return;
      const hole = await startBlackhole();
      await publish(stage, 'nohole', [well.url]);
      await warmUp(stage, touching('nohole', ids(10, 'w')));
      const both = (source: string) => [touching(source, ids(10_000)), apart()];
      const healthy = (await load(stage, both('nohole'), seconds(stage, 15), 2 * RATE)).filter(
        ({ tag }) => tag === 'apart',
      );
      // Not before: its probes would have found it out by now.
      await publish(stage, 'hole', [hole.url]);
      const records = await load(stage, both('hole'), seconds(stage, 30), 2 * RATE);
      await hole.close();
      const touched = records.filter(({ tag }) => tag === 'touching');
      const others = records.filter(({ tag }) => tag === 'apart');
      const waited = touched.filter((one) => one.ms >= 900);
      const first = between(touched, 0, 1_500).filter((one) => one.ms >= 900);
      const rest = touched.filter((one) => one.ms < 900);
      note.see(shares(touched));
      note.expect(first.length <= 20, `${first.length} waited for the connect timeout before the breaker opened`);
      note.see(`${waited.length - first.length} waited for it later, as trials of the breaker`);
      const queued = rest.filter((one) => one.ms > 20);
      note.expect(
        queued.length <= FIRST_LIMIT + rest.length / 100,
        `the rest: p50 ${ms(p50(rest))}, p99 ${ms(p99(rest))}; ${queued.length} of ${rest.length} took more than 20 ms`,
      );
      note.see(`the other queries before: p50 ${ms(p50(healthy))}, p99 ${ms(p99(healthy))}`);
      note.expect(
        p50(others) <= 1.2 * p50(healthy) + NOISE_MS && p99(others) <= 1.2 * p99(healthy) + NOISE_MS,
        `the other queries throughout: p50 ${ms(p50(others))}, p99 ${ms(p99(others))}`,
      );
    },
  },
  {
    name: 'all-5xx',
    injected: 'every answer is 500',
    promised: 'at most 1.2 calls per request plus 3 a second, for at most 5 s, then one trial per back-off',
    async run(stage, note) {
      const [upstream] = await startUpstreams(stage, 1);
      if (upstream === undefined) return;
      await publish(stage, 'broken', [upstream.url]);
      await warmUp(stage, touching('broken', ids(10, 'w')));
      await upstream.mode({ kind: 'status', status: 500 });
      await upstream.drain();
      const duration = seconds(stage, 30, 12);
      const records = await load(stage, [touching('broken', ids(10_000))], duration);
      const seen = await upstream.drain();
      const first = Math.min(...records.map(({ at }) => at));
      const early = seen.filter(({ at }) => at < first + 5_000).length;
      const later = seen.length - early;
      note.see(shares(records));
      note.expect(early <= 1.2 * RATE * 5 + 15, `${early} calls for ${RATE * 5} requests in the first 5 s`);
      // Terms are 5, 10 and 20 s long, 20 % more or less; a probe that finds the port open may end one early.
      const trials = 2 + Math.ceil((duration - 5) / 4);
      note.expect(later <= trials, `${later} calls in the ${duration - 5} s after that`);
    },
  },
];
