import { describe, expect, test } from '@jest/globals';
import { UpstreamFailure } from '../../../src/errors/index.ts';
import type { Outcome } from '../../../src/sources/index.ts';
import { type AskRow, askRows } from '../../../src/sources/prompt/call/ask-rows.ts';

const BASE = { durationMs: 0, attempts: [], cache: 'BYPASS' } as const;

function refused(underWay: boolean): Outcome {
  const shown = underWay ? { underWay } : {};
  const reason = { code: 'BUDGET_EXCEEDED', reason: 'http_request_denied', detail: 'as scripted' } as const;
  const failure = new UpstreamFailure({ ...reason, retryable: false, countsAgainstHealth: false, shown });
  return { kind: 'FAILED', failure, ...BASE };
}

/** A budget of which each call holds `holds` while it is under way, and takes one. */
class HeldBudget {
  left: number;
  tries = 0;
  underWay = 0;
  most = 0;
  readonly again: boolean[] = [];
  readonly #holds: number;

  constructor(left: number, holds: number) {
    this.left = left;
    this.#holds = holds;
  }

  row =
    (n: number): AskRow =>
    async (again) => {
      this.tries++;
      this.again.push(again);
      if (this.left < this.#holds) return refused(this.left + this.underWay * (this.#holds - 1) >= this.#holds);
      this.left -= this.#holds;
      this.most = Math.max(this.most, ++this.underWay);
      // Some take longer than others.
      for (let i = 0; i < 2 + (n % 3); i++) await Promise.resolve();
      this.underWay--;
      this.left += this.#holds - 1;
      return { kind: 'FRESH', value: n, ageMs: 0, ...BASE };
    };
}

const ask = (budget: HeldBudget, rows: number, width = 40) =>
  askRows(
    Array.from({ length: rows }, (_, n) => budget.row(n)),
    () => width,
  );
const values = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.kind === 'FAILED' ? outcome.failure.code : outcome.value));

describe('rows over a budget', () => {
  test('that holds more than they take are all served, fewer at a time', async () => {
    const budget = new HeldBudget(300, 100);
    const outcomes = await ask(budget, 200);
    expect(values(outcomes)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(budget.most).toBe(3);
    // Each end lets one go on, not all: they are not asked over and over.
    expect(budget.tries).toBeLessThan(200 * 3);
    expect(budget.again.filter((again) => !again)).toHaveLength(200);
  });

  test('that is used up are told so, and those before keep their values', async () => {
    const outcomes = await ask(new HeldBudget(150, 100), 200);
    const told = values(outcomes);
    // Fifty have gone when there is no more room for what one holds.
    expect(told.filter((value) => typeof value === 'number')).toHaveLength(51);
    expect(told.filter((value) => value === 'BUDGET_EXCEEDED')).toHaveLength(149);
  });

  test('that others hold are refused at once, when none of them is under way', async () => {
    let tries = 0;
    const row: AskRow = async () => {
      tries++;
      return refused(true);
    };
    const outcomes = await askRows(
      Array.from({ length: 50 }, () => row),
      () => 8,
    );
    expect(values(outcomes)).toEqual(Array.from({ length: 50 }, () => 'BUDGET_EXCEEDED'));
    expect(tries).toBe(50);
  });

  test('fail each by itself for another reason', async () => {
    const outcomes = await askRows([async () => refused(false), new HeldBudget(9, 3).row(1)], () => 1);
    expect(values(outcomes)).toEqual(['BUDGET_EXCEEDED', 1]);
  });
});
