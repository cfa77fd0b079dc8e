import { inTurns } from '../../batch/index.ts';
import type { Outcome } from '../../outcome.ts';

/** Asks for one row, and never rejects. `again`: it was refused before, and what it took of the request's allowance is its own. */
export type AskRow = (again: boolean) => Promise<Outcome>;

/**
 * Asks for many rows side by side, at most `width()` at a time. Calls hold more of a budget than they take, so a row that
 * is refused only for what is held waits until another of these rows has ended, and is asked again. One that is refused
 * while none of them is under way stays so: who else holds the budget, and for how long, nobody here knows.
 */
export function askRows(rows: readonly AskRow[], width: () => number): Promise<Outcome[]> {
  const waiting: ((mayAskAgain: boolean) => void)[] = [];
  let underWay = 0;

  const ended = (): void => {
    const next = waiting.shift();
    if (next === undefined) return;
    // On behalf of the one that goes on, so that nobody sees none under way meanwhile.
    underWay++;
    next(true);
  };
  const giveUp = (): void => {
    for (const wake of waiting.splice(0)) wake(false);
  };

  const tasks = rows.map((ask) => async (): Promise<Outcome> => {
    underWay++;
    for (let again = false; ; again = true) {
      const outcome = await ask(again);
      underWay--;
      if (!isHeldBack(outcome)) {
        ended();
        return outcome;
      }
      if (underWay === 0) {
        giveUp();
        return outcome;
      }
      const { promise, resolve } = Promise.withResolvers<boolean>();
      waiting.push(resolve);
      if (!(await promise)) return outcome;
    }
  });
  return inTurns(tasks, width);
}

/** A budget has enough left for it once calls under way have given back what they do not take. */
function isHeldBack(outcome: Outcome): boolean {
  if (outcome.kind !== 'FAILED') return false;
  const { code, shown } = outcome.failure;
  return code === 'BUDGET_EXCEEDED' && shown.underWay === true;
}
