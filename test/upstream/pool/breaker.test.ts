import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Breaker, type Permit } from '../../../src/upstream/pool/breaker.ts';
import { POOL_NUMBERS } from '../../../src/upstream/pool/numbers.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const numbers = POOL_NUMBERS.breaker;
/** No jitter: a draw of one half. */
const middle = { next: () => 0.5, bytes: (size: number) => Buffer.alloc(size) };

function make(random = middle) {
  const clock = new FakeClock();
  const changes: string[] = [];
  const breaker = new Breaker(numbers, clock, random, (from, to) => changes.push(`${from}>${to}`));
  const run = (verdict: 'success' | 'failure' | 'ignored'): Permit => {
    const permit = breaker.tryAcquire(clock.now());
    if (permit !== 0) breaker.record(permit, verdict);
    return permit;
  };
  const runs = (verdict: 'success' | 'failure', times: number): void => {
    for (let i = 0; i < times; i++) run(verdict);
  };
  return { clock, breaker, changes, run, runs };
}

describe('opens', () => {
  test('after 5 failures in a row, and not after 4 with a success between', () => {
    const a = make();
    a.runs('success', 60);
    a.runs('failure', 4);
    a.run('success');
    a.runs('failure', 4);
    expect(a.breaker.state.name).toBe('CLOSED');
    a.run('failure');
    expect(a.breaker.state.name).toBe('OPEN');
  });

  test('when half of 20 calls in 10 s failed', async () => {
    const { breaker, clock, run, runs } = make();
    // A long good history keeps the 30 s condition out of play.
    runs('success', 60);
    await clock.advance(10_000);
    for (let i = 0; i < 9; i++) {
      run('success');
      run('failure');
    }
    run('success');
    expect(breaker.state.name).toBe('CLOSED');
    run('failure');
    expect(breaker.state.name).toBe('OPEN');
  });

  test('when less than 80 % of at least 5 calls in 30 s succeeded', () => {
    const { breaker, run, runs } = make();
    runs('success', 7);
    run('failure');
    run('success');
    run('failure');
    expect(breaker.state.name).toBe('CLOSED'); // 8 of 10: exactly 80 %
    run('failure');
    expect(breaker.state.name).toBe('OPEN');
  });

  test('not on less than 5 calls, and forgets what is older than 30 s', async () => {
    const { breaker, clock, run, runs } = make();
    runs('success', 2);
    runs('failure', 2);
    expect(breaker.state.name).toBe('CLOSED');
    await clock.advance(31_000);
    runs('success', 4);
    run('failure');
    expect(breaker.state.name).toBe('CLOSED');
  });

  test('never on calls that say nothing about health', () => {
    const { breaker, run } = make();
    for (let i = 0; i < 50; i++) run('ignored');
    expect(breaker.state.name).toBe('CLOSED');
  });
});

describe('stays open', () => {
  test('5 s, doubling to 60 s, while the trial fails', async () => {
    const { breaker, clock, runs, run } = make();
    runs('failure', 5);
    for (const ms of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      expect(breaker.waitMs(clock.now())).toBe(ms);
      await clock.advance(ms - 1);
      expect(run('failure')).toBe(0);
      await clock.advance(1);
      expect(run('failure')).not.toBe(0);
      expect(breaker.state.name).toBe('OPEN');
    }
  });

  test.each([
    [0, 4_000],
    [0.999_999, 6_000],
  ])('a fifth less or more by jitter: draw %p', (draw, ms) => {
    const { breaker, clock, runs } = make({ ...middle, next: () => draw });
    runs('failure', 5);
    expect(breaker.waitMs(clock.now())).toBeCloseTo(ms, 1);
  });

  test('goes on doubling when it opens again soon after closing, and starts anew after 60 s closed', async () => {
    const { breaker, clock, runs } = make();
    runs('failure', 5);
    await clock.advance(5_000);
    runs('success', 3);
    expect(breaker.state.name).toBe('CLOSED');
    runs('failure', 5);
    expect(breaker.waitMs(clock.now())).toBe(10_000);
    await clock.advance(10_000);
    runs('success', 3);
    await clock.advance(60_000);
    runs('failure', 5);
    expect(breaker.waitMs(clock.now())).toBe(5_000);
  });
});

describe('half open', () => {
  test('lets one call through at a time, and closes after three successes', async () => {
    const { breaker, clock, runs, run, changes } = make();
    runs('failure', 5);
    await clock.advance(5_000);
    const permit = breaker.tryAcquire(clock.now());
    expect(permit).not.toBe(0);
    expect(breaker.tryAcquire(clock.now())).toBe(0);
    expect(breaker.waitMs(clock.now())).toBeUndefined();
    breaker.record(permit, 'success');
    run('success');
    expect(breaker.state.name).toBe('HALF_OPEN');
    run('success');
    expect(changes).toEqual(['CLOSED>OPEN', 'OPEN>HALF_OPEN', 'HALF_OPEN>CLOSED']);
  });

  test('a trial that is called off gives its turn to the next', async () => {
    const { breaker, clock, runs, run } = make();
    runs('failure', 5);
    await clock.advance(5_000);
    run('ignored');
    expect(breaker.state.name).toBe('HALF_OPEN');
    expect(breaker.wantsTrial(clock.now())).toBe(true);
  });

  test('an answer to a call from before the opening changes nothing', async () => {
    const { breaker, clock, runs } = make();
    const early = breaker.tryAcquire(clock.now());
    runs('failure', 5);
    breaker.record(early, 'success');
    expect(breaker.state.name).toBe('OPEN');
    await clock.advance(5_000);
    breaker.tryAcquire(clock.now());
    breaker.record(early, 'failure');
    expect(breaker.state.name).toBe('HALF_OPEN');
  });
});

describe('active probes', () => {
  test('a success ends the term, once: when the call fails all the same, the next term is served in full', async () => {
    const { breaker, clock, runs, run } = make();
    runs('failure', 5);
    breaker.probeSucceeded();
    expect(breaker.state.name).toBe('HALF_OPEN');
    run('failure');
    breaker.probeSucceeded();
    expect(breaker.state.name).toBe('OPEN');
    expect(breaker.waitMs(clock.now())).toBe(10_000);
    breaker.probeFailed();
    breaker.probeSucceeded();
    expect(breaker.state.name).toBe('HALF_OPEN');
  });

  test('reset closes and forgets', () => {
    const { breaker, clock, runs } = make();
    runs('failure', 5);
    breaker.reset();
    expect(breaker.state.name).toBe('CLOSED');
    runs('failure', 4);
    expect(breaker.state.name).toBe('CLOSED');
    runs('failure', 1);
    expect(breaker.waitMs(clock.now())).toBe(5_000);
  });
});

/** The breaker again, in the plainest way: a list of what happened, counted over each time. */
class Model {
  state: 'CLOSED' | 'OPEN' | 'HALF_OPEN' = 'CLOSED';
  log: { second: number; failed: boolean }[] = [];
  closedAt: number;
  until = 0;
  openings = 0;
  trusts = true;
  calling = false;
  successes = 0;
  era = 0;

  constructor(now: number) {
    this.closedAt = now;
  }

  acquire(now: number): number | undefined {
    if (this.state === 'OPEN' && now >= this.until) this.halfOpen();
    if (this.state === 'OPEN' || (this.state === 'HALF_OPEN' && this.calling)) return undefined;
    if (this.state === 'HALF_OPEN') this.calling = true;
    return this.era;
  }

  record(era: number, verdict: string, now: number): void {
    if (era !== this.era) return;
    if (this.state === 'CLOSED') {
      if (verdict === 'ignored') return;
      this.log.push({ second: Math.floor(now / 1_000), failed: verdict === 'failure' });
      if (verdict === 'failure' && this.bad(now)) {
        if (now - this.closedAt >= 60_000) this.openings = 0;
        this.trusts = true;
        this.open(now);
      }
    } else if (this.state === 'HALF_OPEN') {
      this.calling = false;
      if (verdict === 'failure') this.open(now);
      if (verdict === 'success' && ++this.successes === 3) this.close(now);
    }
  }

  bad(now: number): boolean {
    const lastFive = this.log.slice(-5);
    if (lastFive.length === 5 && lastFive.every((e) => e.failed)) return true;
    const within = (seconds: number) => this.log.filter((e) => e.second > Math.floor(now / 1_000) - seconds);
    const ten = within(10);
    if (ten.length >= 20 && ten.filter((e) => e.failed).length / ten.length >= 0.5) return true;
    const thirty = within(30);
    return thirty.length >= 5 && thirty.filter((e) => !e.failed).length / thirty.length < 0.8;
  }

  open(now: number): void {
    this.until = now + Math.min(60_000, 5_000 * 2 ** this.openings);
    this.openings++;
    this.state = 'OPEN';
    this.era++;
  }

  halfOpen(): void {
    this.state = 'HALF_OPEN';
    this.calling = false;
    this.successes = 0;
    this.era++;
  }

  close(now: number): void {
    this.state = 'CLOSED';
    this.closedAt = now;
    this.log = [];
    this.era++;
  }

  probe(ok: boolean): void {
    if (this.state !== 'OPEN') return;
    if (!ok) this.trusts = true;
    else if (this.trusts) {
      this.trusts = false;
      this.halfOpen();
    }
  }
}

test('agrees with the model over random events', async () => {
  const event = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('success', 'failure', 'failure', 'ignored') },
    { weight: 2, arbitrary: fc.constant('begin') },
    { weight: 2, arbitrary: fc.constantFrom('end success', 'end failure') },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 70_000 }) },
    { weight: 1, arbitrary: fc.constantFrom('probe ok', 'probe fails', 'reset') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 150, size: 'max' }), async (events) => {
      let now = 1_700_000_000_000;
      const clock = { now: () => now, setTimer: () => ({ cancel() {} }) };
      const breaker = new Breaker(numbers, clock, middle, () => {});
      const model = new Model(now);
      const open: [Permit, number][] = [];
      for (const happens of events) {
        if (typeof happens === 'number') now += happens;
        else if (happens === 'probe ok') {
          breaker.probeSucceeded();
          model.probe(true);
        } else if (happens === 'probe fails') {
          breaker.probeFailed();
          model.probe(false);
        } else if (happens === 'reset') {
          breaker.reset();
          model.openings = 0;
          model.close(now);
        } else if (happens.startsWith('end ')) {
          const [permit, era] = open.shift() ?? [];
          if (permit === undefined || era === undefined) continue;
          const verdict = happens === 'end success' ? 'success' : 'failure';
          breaker.record(permit, verdict);
          model.record(era, verdict, now);
        } else {
          const permit = breaker.tryAcquire(now);
          const era = model.acquire(now);
          expect(permit !== 0).toBe(era !== undefined);
          if (era === undefined) continue;
          if (happens === 'begin') open.push([permit, era]);
          else if (happens === 'success' || happens === 'failure' || happens === 'ignored') {
            breaker.record(permit, happens);
            model.record(era, happens, now);
          }
        }
        expect(breaker.state.name).toBe(model.state);
        if (breaker.state.name === 'OPEN') expect(breaker.state.until).toBeCloseTo(model.until, 5);
      }
    }),
    { numRuns: 400, seed: 20 },
  );
});
