import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AuditLogDocument,
  type BudgetInput,
  BudgetsDocument,
  CreateKeyDocument,
  DeleteSourceDocument,
  RegisterSourceDocument,
  RemoveBudgetDocument,
  SetBudgetDocument,
  SetProviderDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, rest } from './support/documents.ts';
import { consumer, type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

const set = async (input: BudgetInput) => (await weir.run(SetBudgetDocument, { input })).setBudget;
const local = { name: 'local', kind: 'OPENAI_COMPATIBLE', baseUrl: 'http://127.0.0.1:1/v1' } as const;

describe('budgets', () => {
  test('of a key, a source, a provider and a model are set, counted and shown', async () => {
    const { createKey } = await weir.run(CreateKeyDocument, { input: { name: 'the shop' } });
    await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    await weir.run(SetProviderDocument, { input: { ...local, models: [{ name: 'org/small:3b' }] } });
    const { id } = createKey.key;
    await set({ kind: 'KEY', id, requestsPerMinute: 10, usdPerDay: 0.5 });
    await set({ kind: 'SOURCE', id: 'zoo', tokensPerMinute: 1_000 });
    await set({ kind: 'PROVIDER', id: 'local', usdPerMonth: 20 });
    await set({ kind: 'MODEL', id: 'local/org/small:3b', requestsPerMinute: 0 });
    await set({ kind: 'KEY', id: 'anonymous', requestsPerMinute: 5 });
    await set({ kind: 'KEY', id: 'environment', requestsPerMinute: 5 });

    const subjects = [
      { kind: 'KEY', id },
      { kind: 'SOURCE', id: 'zoo' },
      { kind: 'PROVIDER', id: 'local' },
    ] as const;
    weir.budgets.reserve(subjects, () => ({ tokens: 100, usd: 0.25 })).settle({ tokens: 60, usd: 0.125 });
    weir.budgets.reserve(subjects, () => ({ tokens: 200, usd: undefined }));
    const { budgets } = await weir.run(BudgetsDocument);
    expect(budgets).toHaveLength(6);
    const limits = (of: string) => budgets.find((budget) => budget.id === of)?.limits;
    expect(limits(id)).toEqual([
      {
        window: 'REQUESTS_PER_MINUTE',
        limit: 10,
        reserved: 1,
        spent: 1,
        unpriced: 0,
        resetsAt: '2023-11-14T22:14:00.000Z',
      },
      {
        window: 'USD_PER_DAY',
        limit: 0.5,
        reserved: 0,
        spent: 0.125,
        unpriced: 0,
        resetsAt: '2023-11-15T00:00:00.000Z',
      },
    ]);
    expect(limits('zoo')).toMatchObject([{ limit: 1_000, reserved: 200, spent: 60 }]);
    expect(limits('local')).toMatchObject([{ limit: 20, spent: 0.125, resetsAt: '2023-12-01T00:00:00.000Z' }]);
  });

  test('hold for the next call, keep what was spent, and go with a restart or a removal as they should', async () => {
    await set({ kind: 'KEY', id: 'anonymous', requestsPerMinute: 1 });
    const key = { kind: 'KEY', id: 'anonymous' } as const;
    const one = { tokens: 1, usd: 0.5 };
    weir.budgets.reserve([key], () => one).settle(one);
    expect(() => weir.budgets.reserve([key], () => one)).toThrow(expect.objectContaining({ code: 'BUDGET_EXCEEDED' }));
    expect(await set({ kind: 'KEY', id: 'anonymous', usdPerDay: 0.75 })).toMatchObject({
      limits: [{ window: 'USD_PER_DAY', spent: 0.5 }],
    });
    expect(() => weir.budgets.reserve([key], () => one)).toThrow(expect.objectContaining({ code: 'BUDGET_EXCEEDED' }));

    const before = (await weir.run(BudgetsDocument)).budgets;
    weir = await weir.restart();
    expect((await weir.run(BudgetsDocument)).budgets).toEqual(before);
    expect(() => weir.budgets.reserve([key], () => one)).toThrow(expect.objectContaining({ code: 'BUDGET_EXCEEDED' }));

    await weir.run(RemoveBudgetDocument, { kind: 'KEY', id: 'anonymous' });
    weir.budgets.reserve([key], () => one).release();
    expect((await weir.run(BudgetsDocument)).budgets).toEqual([]);
    expect((await weir.refused(RemoveBudgetDocument, { kind: 'KEY', id: 'anonymous' })).code).toBe('NOT_FOUND');
    const { nodes } = (await weir.run(AuditLogDocument)).auditLog;
    expect(nodes.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'removeBudget budget:KEY:anonymous',
      'setBudget budget:KEY:anonymous',
      'setBudget budget:KEY:anonymous',
    ]);
  });

  test('go with their source', async () => {
    await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    await set({ kind: 'SOURCE', id: 'zoo', requestsPerMinute: 1 });
    await weir.run(DeleteSourceDocument, { name: 'zoo' });
    expect((await weir.run(BudgetsDocument)).budgets).toEqual([]);
    expect(weir.budgets.status()).toEqual([]);
  });

  test.each<[string, BudgetInput, readonly string[]]>([
    ['no limit', { kind: 'KEY', id: 'anonymous' }, ['input']],
    ['an unknown key', { kind: 'KEY', id: 'nobody', usdPerDay: 1 }, ['input.id']],
    ['an unknown source', { kind: 'SOURCE', id: 'nothing', usdPerDay: 1 }, ['input.id']],
    ['an unknown provider', { kind: 'PROVIDER', id: 'nothing', usdPerDay: 1 }, ['input.id']],
    ['a model of no provider', { kind: 'MODEL', id: 'nothing/small', usdPerDay: 1 }, ['input.id']],
    ['a model that nobody knows', { kind: 'MODEL', id: 'local/slip', usdPerDay: 1 }, ['input.id']],
    ['a model without a name', { kind: 'MODEL', id: 'local/', usdPerDay: 1 }, ['input.id']],
    ['a provider for a model', { kind: 'MODEL', id: 'local', usdPerDay: 1 }, ['input.id']],
    [
      'limits out of range, all of them',
      { kind: 'KEY', id: 'nobody', requestsPerMinute: -1, tokensPerMinute: -1, usdPerDay: -0.1, usdPerMonth: 1e9 },
      ['input.id', 'input.requestsPerMinute', 'input.tokensPerMinute', 'input.usdPerDay', 'input.usdPerMonth'],
    ],
  ])('with %s are refused', async (_name, input, places) => {
    await weir.run(SetProviderDocument, { input: local });
    const before = await weir.snapshot();
    const error = await weir.refused(SetBudgetDocument, { input });
    expect(error.code).toBe('INVALID_DEFINITION');
    expect(error.problems.map(({ path }) => path)).toEqual(places);
    expect(await weir.snapshot()).toEqual(before);
  });

  test('are for admins alone', async () => {
    expect((await weir.refused(BudgetsDocument, {}, consumer)).code).toBe('FORBIDDEN');
    const input = { kind: 'KEY', id: 'anonymous', usdPerDay: 1 } as const;
    expect((await weir.refused(SetBudgetDocument, { input }, consumer)).code).toBe('FORBIDDEN');
    expect((await weir.refused(SetProviderDocument, { input: local }, consumer)).code).toBe('FORBIDDEN');
  });
});
