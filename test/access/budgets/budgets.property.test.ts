import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type BudgetLimits,
  type BudgetSubject,
  type BudgetWindow,
  createBudgets,
  type Reservation,
} from '../../../src/access/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryBudgetStore } from './memory-budget-store.ts';

/** A list of calls, each with when it began and what it took or may take: everything else is counted from it. */
interface ModelCall {
  readonly at: number;
  readonly subjects: readonly string[];
  readonly tokens: number;
  readonly usd: number | undefined;
  readonly open: boolean;
}

const WINDOW_START: Readonly<Record<BudgetWindow, (at: number) => string>> = {
  requestsPerMinute: (at) => new Date(at).toISOString().slice(0, 16),
  tokensPerMinute: (at) => new Date(at).toISOString().slice(0, 16),
  usdPerDay: (at) => new Date(at).toISOString().slice(0, 10),
  usdPerMonth: (at) => new Date(at).toISOString().slice(0, 7),
};

function measured(window: BudgetWindow, call: Pick<ModelCall, 'tokens' | 'usd'>): number | undefined {
  switch (window) {
    case 'requestsPerMinute':
      return 1;
    case 'tokensPerMinute':
      return call.tokens;
    case 'usdPerDay':
    case 'usdPerMonth':
      return call.usd;
    default: {
      const never: never = window;
      return never;
    }
  }
}

class Model {
  readonly limits = new Map<string, BudgetLimits>();
  calls: ModelCall[] = [];

  held(subject: string, window: BudgetWindow, now: number): number {
    const period = WINDOW_START[window](now);
    return this.calls
      .filter((call) => call.subjects.includes(subject) && WINDOW_START[window](call.at) === period)
      .reduce((sum, call) => sum + (measured(window, call) ?? 0), 0);
  }

  allows(subjects: readonly string[], call: Pick<ModelCall, 'tokens' | 'usd'>, now: number): boolean {
    return subjects.every((subject) =>
      Object.entries(this.limits.get(subject) ?? {}).every(([name, limit]) => {
        const window = name as BudgetWindow;
        const wanted = measured(window, call);
        const held = this.held(subject, window, now);
        return wanted === undefined ? held < limit : held + wanted <= limit;
      }),
    );
  }
}

const SUBJECTS: readonly BudgetSubject[] = [
  { kind: 'KEY', id: 'a' },
  { kind: 'KEY', id: 'b' },
  { kind: 'SOURCE', id: 'a' },
  { kind: 'PROVIDER', id: 'p' },
  { kind: 'MODEL', id: 'p/m' },
];
const nameOf = ({ kind, id }: BudgetSubject): string => `${kind} ${id}`;

const subject = fc.nat({ max: SUBJECTS.length - 1 });
const tokens = fc.nat({ max: 40 });
// Whole USD keep the model's own sums exact.
const usd = fc.option(fc.nat({ max: 4 }), { nil: undefined });
const limit = (max: number) => fc.option(fc.nat({ max }), { nil: undefined });

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('reserve' as const), of: fc.subarray([0, 1, 2, 3, 4]), tokens, usd }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(), tokens, usd }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 999, 20_000, 59_999, 60_000, 3_600_000, 86_400_000, 1_000_000_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('limit' as const),
      of: subject,
      limits: fc.record({
        requestsPerMinute: limit(6),
        tokensPerMinute: limit(100),
        usdPerDay: limit(8),
        usdPerMonth: limit(12),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

const defined = (limits: Readonly<Record<BudgetWindow, number | undefined>>): BudgetLimits =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));

test('any sequence of calls, limits, waits and restarts counts as a list of all calls does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat({ max: 86_400_000 }), async (steps, offset) => {
      const clock = new FakeClock(Date.UTC(2027, 11, 31) + offset);
      const store = new MemoryBudgetStore();
      const make = () => createBudgets({ store, clock, onFailure: (error) => expect(error).toBeUndefined() });
      let budgets = await make();
      const model = new Model();
      const open: { reservation: Reservation; call: ModelCall }[] = [];
      // Every subject has a budget from the start, so that every call counts.
      for (const each of SUBJECTS) {
        store.set(each, {});
        model.limits.set(nameOf(each), {});
      }

      for (const each of steps) {
        const now = clock.now();
        switch (each.do) {
          case 'reserve': {
            const subjects = each.of.map((at) => SUBJECTS[at] as BudgetSubject);
            const names = subjects.map(nameOf);
            const allowed = model.allows(names, each, now);
            if (!allowed) {
              expect(() => budgets.reserve(subjects, () => each)).toThrow(
                expect.objectContaining({ code: 'BUDGET_EXCEEDED' }),
              );
              break;
            }
            const reservation = budgets.reserve(subjects, () => each);
            const call = { at: now, subjects: names, tokens: each.tokens, usd: each.usd, open: true };
            model.calls.push(call);
            open.push({ reservation, call });
            break;
          }
          case 'settle':
          case 'release': {
            const ended = open.splice(each.which % Math.max(1, open.length), 1)[0];
            if (ended === undefined) break;
            const { call, reservation } = ended;
            const left = model.calls.filter((other) => other !== call);
            if (each.do === 'release') reservation.release();
            else reservation.settle(each);
            model.calls =
              each.do === 'release' ? left : [...left, { ...call, tokens: each.tokens, usd: each.usd, open: false }];
            break;
          }
          case 'wait':
            await clock.advance(each.ms);
            break;
          case 'limit': {
            const of = SUBJECTS[each.of] as BudgetSubject;
            store.set(of, defined(each.limits));
            model.limits.set(nameOf(of), defined(each.limits));
            break;
          }
          case 'restart':
            // What was under way is gone with the process.
            await budgets.close();
            budgets = await make();
            open.splice(0);
            model.calls = model.calls.filter((call) => !call.open);
            break;
          default: {
            const never: never = each;
            expect(never).toBeUndefined();
          }
        }
        for (const { subject: of, window, reserved, spent, unpriced, resetsAt } of budgets.status()) {
          const at = clock.now();
          const counted = model.calls.filter(
            (call) => call.subjects.includes(nameOf(of)) && WINDOW_START[window](call.at) === WINDOW_START[window](at),
          );
          const sum = (some: readonly ModelCall[]) =>
            some.reduce((all, call) => all + (measured(window, call) ?? 0), 0);
          expect({ reserved, spent, unpriced }).toEqual({
            reserved: sum(counted.filter((call) => call.open)),
            spent: sum(counted.filter((call) => !call.open)),
            unpriced: counted.filter((call) => !call.open && call.usd === undefined).length,
          });
          expect(WINDOW_START[window](resetsAt.getTime() - 1)).toBe(WINDOW_START[window](at));
          expect(WINDOW_START[window](resetsAt.getTime())).not.toBe(WINDOW_START[window](at));
        }
      }
      await budgets.close();
    }),
    { numRuns: 150 },
  );
}, 60_000);
