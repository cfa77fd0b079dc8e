import { setTimeout as sleep } from 'node:timers/promises';
import { between, ms, p50, p99, shares } from './measure.ts';
import { ids, type LoadPromise, load, publish, RATE, seconds, startUpstreams, touching, warmUp } from './promise.ts';

const CALLERS = 1_000;
/** An upstream that carries a fifth of the load, and one that carries a quarter. */
const FIFTH = { kind: 'capacity', workers: 4, ms: 100 } as const;
const QUARTER = { kind: 'capacity', workers: 5, ms: 100 } as const;
const perSecond = ({ workers, ms: each }: { workers: number; ms: number }): number => (workers * 1000) / each;

export const CROWDS: readonly LoadPromise[] = [
  {
    name: 'cold-key',
    quick: true,
    injected: `${CALLERS} callers ask for one key that nobody has asked for; then the same, and the first one leaves`,
    promised: 'one upstream call, and an answer for everybody',
    async run(stage, note) {
      const [upstream] = await startUpstreams(stage, 1);
      if (upstream === undefined) return;
      await publish(stage, 'crowd', [upstream.url]);
      await warmUp(stage, touching('crowd', ids(10, 'w')));
      await upstream.mode({ kind: 'well', delayMs: 2_000 });
      for (const leaves of [false, true]) {
        await upstream.drain();
        const key = leaves ? 'left' : 'wanted';
        const leaving = new AbortController();
        const query = `{ crowd { getThing(id: "${key}") { id name } } }`;
        const leader = leaves ? stage.gateway.ask(query, { signal: leaving.signal }).catch(() => undefined) : undefined;
        if (leaves) await sleep(100);
        const crowd = stage.processes.load({
          endpoint: stage.gateway.endpoint,
          rate: Infinity,
          count: CALLERS,
          queries: [touching('crowd', [key])],
        });
        if (leaves) setTimeout(() => leaving.abort(), 1_000);
        const records = await crowd;
        await leader;
        const calls = (await upstream.drain()).filter(({ path }) => path.endsWith(`/${key}`)).length;
        const fresh = records.filter(({ outcome }) => outcome === 'FRESH').length;
        const who = leaves ? 'when the first leaves' : 'when all stay';
        note.expect(calls === 1 && fresh === CALLERS, `${who}: ${calls} upstream call, ${fresh} answers`);
      }
    },
  },
  {
    name: 'overload',
    injected: `an upstream that carries ${perSecond(FIFTH)} requests a second gets ${RATE}`,
    promised: 'goodput at least 80 % of the maximum, the others shed within 20 ms',
    async run(stage, note) {
      const [upstream] = await startUpstreams(stage, 1);
      if (upstream === undefined) return;
      await publish(stage, 'busy', [upstream.url]);
      await upstream.mode(FIFTH);
      await load(stage, [touching('busy', ids(1_000, 'w'))], seconds(stage, 10), perSecond(FIFTH) * 0.7);
      const duration = seconds(stage, 40, 12);
      const records = await load(stage, [touching('busy', ids(10_000))], duration);
      const good = records.filter(({ outcome }) => outcome === 'FRESH');
      const shed = records.filter(({ code }) => code === 'UPSTREAM_OVERLOADED');
      const goodput = good.length / duration;
      note.see(shares(records));
      note.expect(
        goodput >= 0.8 * perSecond(FIFTH),
        `goodput ${goodput.toFixed(1)} a second of ${perSecond(FIFTH)}; its p50 ${ms(p50(good))}, p99 ${ms(p99(good))}`,
      );
      note.expect(p99(shed) <= 20, `shed: p50 ${ms(p50(shed))}, p99 ${ms(p99(shed))}`);
    },
  },
  {
    name: 'recovery',
    injected: `the only endpoint refuses connections, and comes back able to carry ${perSecond(QUARTER)} of ${RATE} requests a second`,
    promised: 'no second outage, and 80 % of what the upstream can carry is served',
    async run(stage, note) {
      const [upstream] = await startUpstreams(stage, 1);
      if (upstream === undefined) return;
      await publish(stage, 'back', [upstream.url]);
      await load(stage, [touching('back', ids(10_000, 'w'))], seconds(stage, 10));
      await upstream.mode({ kind: 'refused' });
      await load(stage, [touching('back', ids(10_000, 'd'))], seconds(stage, 8, 6));
      await upstream.mode(QUARTER);
      const duration = seconds(stage, 40, 20);
      const records = await load(stage, [touching('back', ids(10_000))], duration);
      const firstGood = records.find(({ outcome }) => outcome === 'FRESH');
      if (firstGood === undefined) return note.expect(false, `never back: ${shares(records)}`);
      const backAt = firstGood.at - (records[0]?.at ?? 0);
      const after = between(records, backAt + 2_000);
      const out = after.filter(({ code }) => code !== undefined && code !== 'UPSTREAM_OVERLOADED');
      const goodput = after.filter(({ outcome }) => outcome === 'FRESH').length / (duration - (backAt + 2_000) / 1000);
      note.see(`first answer after ${ms(backAt)}; two seconds later on: ${shares(after)}`);
      note.expect(out.length === 0, `${out.length} failed for another reason than being shed`);
      note.expect(
        goodput >= 0.8 * perSecond(QUARTER),
        `goodput ${goodput.toFixed(1)} a second of ${perSecond(QUARTER)}`,
      );
    },
  },
];
