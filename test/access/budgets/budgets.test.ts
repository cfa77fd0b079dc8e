import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  type BudgetAmount,
  type BudgetStatus,
  type BudgetSubject,
  type BudgetWindow,
  createBudgets,
  type Reservation,
  type StoredBudgets,
} from '../../../src/access/index.ts';
import { WeirError } from '../../../src/errors/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryBudgetStore } from './memory-budget-store.ts';

const key: BudgetSubject = { kind: 'KEY', id: 'k1' };
const source: BudgetSubject = { kind: 'SOURCE', id: 'translate' };
const provider: BudgetSubject = { kind: 'PROVIDER', id: 'acme' };
const model: BudgetSubject = { kind: 'MODEL', id: 'acme/org/small' };
const ALL = [key, source, provider, model];

const cost = (tokens: number, usd: number | undefined = 0) => ({ tokens, usd });
const UNPRICED = { tokens: 1, usd: undefined };
const MINUTE = Date.UTC(2026, 0, 31, 23, 58);

describe('budgets', () => {
  let clock: FakeClock;
  let store: MemoryBudgetStore;
  let budgets: StoredBudgets;
  let failures: unknown[];

  const start = async (): Promise<void> => {
    failures = [];
    budgets = await createBudgets({ store, clock, onFailure: (error) => failures.push(error) });
  };
  beforeEach(async () => {
    clock = new FakeClock(MINUTE);
    store = new MemoryBudgetStore();
    await start();
  });

  const refusal = (subjects: readonly BudgetSubject[], amount: BudgetAmount = cost(1)): WeirError => {
    try {
      budgets.reserve(subjects, () => amount);
    } catch (error: unknown) {
      if (error instanceof WeirError) return error;
    }
    throw new Error('The reservation was expected to be refused.');
  };
  const of = (window: BudgetWindow): BudgetStatus | undefined =>
    budgets.status().find((each) => each.window === window);

  test('what has no budget has no limit, and costs no memory', () => {
    for (let at = 0; at < 1_000; at++)
      budgets.reserve([{ kind: 'KEY', id: `k${at}` }], () => cost(1e9, 1e6)).settle(cost(1));
    expect(budgets.status()).toEqual([]);
  });

  test('an estimate is held until the call is settled, and then what it took', () => {
    store.set(key, { requestsPerMinute: 10, tokensPerMinute: 1_000, usdPerDay: 1 });
    const one = budgets.reserve(ALL, () => cost(300, 0.25));
    budgets.reserve(ALL, () => cost(100, 0.5));
    expect(budgets.status()).toMatchObject([
      { window: 'requestsPerMinute', limit: 10, reserved: 2, spent: 0 },
      { window: 'tokensPerMinute', limit: 1_000, reserved: 400, spent: 0 },
      { window: 'usdPerDay', limit: 1, reserved: 0.75, spent: 0 },
    ]);
    one.settle(cost(120, 0.1));
    expect(of('requestsPerMinute')).toMatchObject({ reserved: 1, spent: 1 });
    expect(of('tokensPerMinute')).toMatchObject({ reserved: 100, spent: 120 });
    expect(of('usdPerDay')).toMatchObject({ reserved: 0.5, spent: 0.1, unpriced: 0 });
  });

  test('a call that never left takes nothing', () => {
    store.set(key, { requestsPerMinute: 1 });
    budgets.reserve([key], () => cost(1)).release();
    expect(of('requestsPerMinute')).toMatchObject({ reserved: 0, spent: 0 });
    budgets.reserve([key], () => cost(1));
    expect(refusal([key]).code).toBe('BUDGET_EXCEEDED');
  });

  test.each<[string, (reservation: Reservation) => void]>([
    ['settled twice', (reservation) => reservation.settle(cost(50))],
    ['released after it was settled', (reservation) => reservation.release()],
  ])('a reservation that is %s ends once', (_name, again) => {
    store.set(key, { tokensPerMinute: 100 });
    const reservation = budgets.reserve([key], () => cost(30));
    reservation.settle(cost(10));
    again(reservation);
    expect(of('tokensPerMinute')).toMatchObject({ reserved: 0, spent: 10 });
  });

  test('a subject that is named twice pays once', () => {
    store.set(key, { requestsPerMinute: 1 });
    budgets.reserve([key, { ...key }], () => cost(1)).settle(cost(1));
    expect(of('requestsPerMinute')).toMatchObject({ spent: 1 });
  });

  test('all or none: where one budget refuses, no other is touched', () => {
    for (const subject of [key, source, provider]) store.set(subject, { tokensPerMinute: 100 });
    store.set(model, { tokensPerMinute: 10 });
    expect(refusal(ALL, cost(11)).details).toMatchObject({ subject: 'MODEL' });
    expect(budgets.status().every(({ reserved, spent }) => reserved === 0 && spent === 0)).toBe(true);
  });

  test('an estimate is made once, and only where there is a budget to draw on', () => {
    let made = 0;
    const estimate = (): BudgetAmount => {
      made += 1;
      return cost(1);
    };
    budgets.reserve(ALL, estimate);
    expect(made).toBe(0);
    store.set(key, { requestsPerMinute: 5, usdPerDay: 1 });
    store.set(model, { tokensPerMinute: 5 });
    budgets.reserve(ALL, estimate);
    expect(made).toBe(1);
  });

  test('200 calls at once on a budget for 50 never pass it', async () => {
    store.set(key, { requestsPerMinute: 50 });
    store.set(provider, { usdPerDay: 0.5 });
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        await Promise.resolve();
        try {
          const reservation = budgets.reserve(ALL, () => cost(100, 0.01));
          await new Promise<void>((resolve) => setImmediate(resolve));
          // Some take more than was thought: by that, and by no more, a sum may pass its limit.
          reservation.settle(cost(100, at % 2 === 0 ? 0.01 : 0.012));
          return 'called';
        } catch {
          return 'refused';
        }
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'called')).toHaveLength(50);
    expect(of('requestsPerMinute')).toMatchObject({ spent: 50, reserved: 0 });
    expect(of('usdPerDay')?.spent).toBeCloseTo(25 * 0.01 + 25 * 0.012, 9);
  });

  describe('the refusal', () => {
    test('says which limit, and when it is there again', async () => {
      store.set(key, { requestsPerMinute: 1 });
      await clock.advance(12_500);
      budgets.reserve(ALL, () => cost(1));
      const { code, message, details } = refusal(ALL);
      expect(code).toBe('BUDGET_EXCEEDED');
      expect(message).toBe('The budget of this key, 1 requests a minute, is used up until 2026-01-31T23:59:00.000Z.');
      expect(details).toEqual({
        subject: 'KEY',
        window: 'requestsPerMinute',
        limit: 1,
        resetsAt: '2026-01-31T23:59:00.000Z',
        retryAfterMs: 47_500,
        retryable: true,
      });
    });

    test('is the one that holds longest, when there are several', () => {
      store.set(key, { requestsPerMinute: 1, usdPerMonth: 1 });
      store.set(provider, { usdPerDay: 0.5 });
      budgets.reserve(ALL, () => cost(1, 0.5)).settle(cost(1, 0.5));
      expect(refusal(ALL, cost(1, 0.4)).details).toMatchObject({ window: 'usdPerDay', subject: 'PROVIDER' });
    });

    test('of what is only held by calls under way says to come back soon', () => {
      store.set(key, { usdPerDay: 1 });
      const under = budgets.reserve(ALL, () => cost(1, 0.9));
      const { message, details } = refusal(ALL, cost(1, 0.4));
      expect(message).toBe('The budget of this key, 1 USD a day, is held by calls under way.');
      expect(details).toMatchObject({ window: 'usdPerDay', retryable: true, retryAfterMs: 1000, underWay: true });
      under.settle(cost(1, 0.8));
      const spent = refusal(ALL, cost(1, 0.4)).details;
      expect(spent.retryAfterMs).toBeGreaterThan(1000);
      expect(spent).not.toHaveProperty('underWay');
    });

    test('names no id, and says when waiting is of no use', () => {
      store.set({ kind: 'KEY', id: 'secret-id' }, { tokensPerMinute: 10 });
      const { message, details } = refusal([{ kind: 'KEY', id: 'secret-id' }], cost(11));
      expect(details).toEqual({ subject: 'KEY', window: 'tokensPerMinute', limit: 10, retryable: false });
      expect(`${message}${JSON.stringify(details)}`).not.toContain('secret-id');
    });
  });

  describe('windows', () => {
    test('begin anew with the minute, day and month of UTC', async () => {
      store.set(key, { requestsPerMinute: 1, usdPerDay: 1, usdPerMonth: 1.5 });
      budgets.reserve([key], () => cost(1, 1)).settle(cost(1, 1));
      expect(budgets.status().map(({ resetsAt }) => resetsAt.toISOString())).toEqual([
        '2026-01-31T23:59:00.000Z',
        '2026-02-01T00:00:00.000Z',
        '2026-02-01T00:00:00.000Z',
      ]);
      await clock.advance(59_999);
      expect(refusal([key], cost(1, 0)).details).toMatchObject({ window: 'requestsPerMinute', retryAfterMs: 1 });
      await clock.advance(1);
      budgets.reserve([key], () => cost(1, 0)).release();
      expect(refusal([key], cost(1, 0.1)).details).toMatchObject({ window: 'usdPerDay' });
      await clock.advance(60_000);
      budgets.reserve([key], () => cost(1, 1)).settle(cost(1, 1));
      expect(budgets.status().map(({ spent }) => spent)).toEqual([1, 1, 1]);
      expect(of('usdPerMonth')?.resetsAt.toISOString()).toBe('2026-03-01T00:00:00.000Z');
      await clock.advance(86_400_000);
      expect(refusal([key], cost(1, 1)).details).toMatchObject({ window: 'usdPerMonth' });
    });

    test('a call counts where it began', async () => {
      store.set(key, { requestsPerMinute: 1 });
      const late = budgets.reserve([key], () => cost(1));
      await clock.advance(60_000);
      const next = budgets.reserve([key], () => cost(1));
      late.settle(cost(1));
      expect(of('requestsPerMinute')).toMatchObject({ reserved: 1, spent: 0 });
      next.settle(cost(1));
      expect(of('requestsPerMinute')).toMatchObject({ reserved: 0, spent: 1 });
    });
  });

  describe('USD', () => {
    test('an unknown price is counted, never as zero, and held back only once the limit is used up', () => {
      store.set(key, { usdPerDay: 1 });
      budgets.reserve([key], () => UNPRICED).settle(UNPRICED);
      expect(of('usdPerDay')).toMatchObject({ spent: 0, reserved: 0, unpriced: 1 });
      budgets.reserve([key], () => cost(1, 1)).settle(cost(1, 1));
      expect(refusal([key], UNPRICED).details).toMatchObject({ window: 'usdPerDay' });
      budgets.reserve([key], () => cost(1, 0)).release();
    });

    test('a limit of nought lets nothing through but what is free', () => {
      store.set(key, { usdPerDay: 0 });
      expect(refusal([key], UNPRICED).details).toMatchObject({ retryable: false });
      expect(refusal([key], cost(1, 0.000_001)).details).toMatchObject({ retryable: false });
      budgets.reserve([key], () => cost(1, 0)).settle(cost(1, 0));
    });

    test('small prices add up exactly', () => {
      store.set(key, { usdPerDay: 1 });
      for (let at = 0; at < 100_000; at++) budgets.reserve([key], () => cost(1, 0.000_001)).settle(cost(1, 0.000_001));
      expect(of('usdPerDay')?.spent).toBe(0.1);
    });

    test('an absurd figure spoils no sum', () => {
      store.set(key, { usdPerDay: 1, tokensPerMinute: 10 });
      for (const absurd of [Number.NaN, -5, Number.POSITIVE_INFINITY]) {
        budgets.reserve([key], () => cost(absurd, absurd)).settle(cost(absurd, absurd));
      }
      expect(budgets.status().map(({ spent, reserved }) => [spent, reserved])).toEqual([
        [0, 0],
        [0, 0],
      ]);
    });
  });

  describe('what an admin changes', () => {
    test('holds for the next call, and keeps what was spent', () => {
      store.set(key, { requestsPerMinute: 1 });
      budgets.reserve([key], () => cost(5, 0.5)).settle(cost(5, 0.5));
      store.set(key, { requestsPerMinute: 2, usdPerDay: 1 });
      expect(of('usdPerDay')).toMatchObject({ spent: 0.5 });
      budgets.reserve([key], () => cost(1)).settle(cost(1));
      expect(refusal([key]).details).toMatchObject({ limit: 2 });
    });

    test('removed, a budget forgets; calls that are under way then end quietly', async () => {
      store.set(key, { requestsPerMinute: 1 });
      const running = budgets.reserve([key], () => cost(1));
      store.remove(key);
      store.set(key, { requestsPerMinute: 1 });
      running.settle(cost(1));
      expect(of('requestsPerMinute')).toMatchObject({ reserved: 0, spent: 0 });
      await clock.advance(200);
      expect(store.commits).toBe(0);
    });

    test('budgets go with their source, and with their provider and its models', () => {
      const other: BudgetSubject = { kind: 'MODEL', id: 'acme-2/small' };
      for (const subject of [...ALL, other]) store.set(subject, { requestsPerMinute: 1 });
      store.events.emit({ type: 'source', name: 'translate', record: {} });
      store.events.emit({ type: 'provider', name: 'acme', record: {} });
      expect(budgets.status()).toHaveLength(5);
      store.events.emit({ type: 'source', name: 'translate', record: undefined });
      store.events.emit({ type: 'provider', name: 'acme', record: undefined });
      expect(budgets.status().map(({ subject }) => subject)).toEqual([key, other]);
    });
  });

  describe('what was spent', () => {
    const spend = (times: number): void => {
      for (let at = 0; at < times; at++) budgets.reserve(ALL, () => cost(10, 0.01)).settle(cost(10, 0.01));
    };
    const restart = async (): Promise<void> => {
      await budgets.close();
      await start();
    };

    test('is written in group commits, 100 ms after it was settled', async () => {
      store.set(key, { usdPerDay: 1 });
      store.set(model, { usdPerDay: 1 });
      spend(50);
      await clock.advance(99);
      expect(store.commits).toBe(0);
      await clock.advance(1);
      expect(store.commits).toBe(1);
      expect(store.spent.get('KEY k1 DAY')).toMatchObject({ requests: 50, tokens: 500, usdNano: 500_000_000 });
      await clock.advance(10_000);
      expect(store.commits).toBe(1);
      expect(clock.pending).toBe(0);
    });

    test('is there after a restart, as far as its window still runs', async () => {
      store.set(key, { requestsPerMinute: 5, usdPerDay: 1, usdPerMonth: 1 });
      spend(5);
      await restart();
      expect(budgets.status().map(({ spent }) => spent)).toEqual([5, 0.05, 0.05]);
      expect(refusal([key]).details).toMatchObject({ window: 'requestsPerMinute' });
      await clock.advance(120_000);
      await restart();
      expect(budgets.status().map(({ spent }) => spent)).toEqual([0, 0, 0]);
    });

    test('is counted while the store refuses, and written once it does not', async () => {
      store.set(key, { usdPerDay: 1 });
      store.failing = true;
      spend(3);
      await clock.advance(3_500);
      expect(failures).toHaveLength(4);
      expect(of('usdPerDay')).toMatchObject({ spent: 0.03 });
      store.failing = false;
      await clock.advance(1_000);
      expect(store.spent.get('KEY k1 DAY')).toMatchObject({ requests: 3 });
    });
  });
});
