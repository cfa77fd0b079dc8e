/**
 * A process that spends on a budget until it is killed, and says on its output, one line each, how many calls it has
 * settled and how many are stored. Argument: the data folder. Run by crash.test.ts.
 */
import { writeSync } from 'node:fs';
import { createBudgets } from '../../../src/access/index.ts';
import { openRegistry } from '../../../src/registry/index.ts';
import { systemClock, systemRandom } from '../../../src/runtime/index.ts';
import { encryptionKey } from '../../registry/fixtures.ts';

const [dataDir = ''] = process.argv.slice(2);
const registry = await openRegistry({ dataDir, encryptionKey, clock: systemClock, random: systemRandom });
const store = {
  budgets: () => registry.budgets(),
  spending: () => registry.spending(),
  events: registry.events,
  async saveSpending(records: Parameters<typeof registry.saveSpending>[0]) {
    await registry.saveSpending(records);
    writeSync(1, `stored ${records.find(({ period }) => period === 'MONTH')?.requests}\n`);
  },
};
const fail = (error: unknown): never => {
  throw error;
};
const budgets = await createBudgets({ store, clock: systemClock, onFailure: fail });
const subjects = [{ kind: 'KEY', id: 'k1' }] as const;

for (let settled = budgets.status()[0]?.spent ?? 0; ; ) {
  for (let burst = 0; burst < 20; burst++) {
    budgets.reserve(subjects, () => ({ tokens: 100, usd: 0.01 })).settle({ tokens: 7, usd: 0.001 });
    settled += 0.001;
  }
  writeSync(1, `settled ${Math.round(settled * 1_000)}\n`);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
