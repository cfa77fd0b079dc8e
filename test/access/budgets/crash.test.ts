import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBudgets } from '../../../src/access/index.ts';
import { systemClock } from '../../../src/runtime/index.ts';
import { change, temporaryRegistry } from '../../registry/fixtures.ts';

const KILLS = 4;

/** Lets a process spend until it has said `stored` so many times and a little more was settled, then kills it. */
async function spendUntilKilled(dataDir: string, commits: number): Promise<{ stored: number; settled: number }> {
  const script = join(import.meta.dirname, 'spending-process.ts');
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const said = { stored: 0, settled: 0 };
  let left = commits;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, count] = line.split(' ');
    said[what as keyof typeof said] = Number(count);
    if (what === 'stored') left--;
    if (left <= 0 && said.settled > said.stored) child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  return said;
}

describe('what was spent, when the process is killed', () => {
  const temporary = temporaryRegistry();
  beforeAll(async () => {
    const registry = await temporary.open();
    await registry.setBudget({ kind: 'KEY', id: 'k1' }, { usdPerMonth: 1_000 }, change('setBudget'));
    await registry.close();
  });
  afterAll(() => temporary.remove());

  test(`is what had been stored, or more, and never more than was spent: over ${KILLS} kills`, async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const { stored, settled } = await spendUntilKilled(temporary.dataDir, kill);
      const registry = await temporary.open();
      const budgets = await createBudgets({
        store: registry,
        clock: systemClock,
        onFailure: (error) => expect(error).toBeUndefined(),
      });
      const found = Math.round((budgets.status()[0]?.spent ?? 0) * 1_000);
      // A burst may be settled, or a commit made, that the process could not tell of any more.
      expect(found).toBeGreaterThanOrEqual(stored);
      expect(found).toBeLessThanOrEqual(settled + 20);
      const month = (await registry.spending()).find(({ period }) => period === 'MONTH');
      expect(month).toMatchObject({ requests: found, tokens: 7 * found, usdNano: 1_000_000 * found });
      await budgets.close();
      await registry.close();
    }
  }, 60_000);
});
