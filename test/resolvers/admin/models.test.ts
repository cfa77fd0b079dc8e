import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ModelsDocument, type ProviderInput, SetProviderDocument } from '../../support/generated/admin-api.ts';
import { consumer, type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

const set = (input: ProviderInput) => weir.run(SetProviderDocument, { input });
const local = { name: 'local', kind: 'OPENAI_COMPATIBLE', baseUrl: 'http://127.0.0.1:11434/v1' } as const;
const openai = { name: 'openai', kind: 'OPENAI', credential: { apiKey: 'sk-1' } } as const;

test('declared models are listed as they were declared, and what is not known is null', async () => {
  await set({
    ...local,
    models: [
      {
        name: 'org/priced:3b',
        contextTokens: 8_000,
        maxOutputTokens: 1_000,
        inputs: ['text', 'image'],
        prices: { input: 0.25, output: 1 },
      },
      { name: 'free', prices: { input: 0, output: 0 } },
      { name: 'never-heard-of' },
    ],
  });
  const unknown = { contextTokens: null, maxOutputTokens: null, inputs: null };
  const { nodes, totalCount } = (await weir.run(ModelsDocument)).models;
  expect(totalCount).toBe(3);
  expect(nodes).toMatchObject([
    { id: 'local/free', provider: 'local', name: 'free', declared: true, prices: { input: 0, output: 0 } },
    { id: 'local/never-heard-of', ...unknown, prices: null },
    {
      id: 'local/org/priced:3b',
      name: 'org/priced:3b',
      contextTokens: 8_000,
      maxOutputTokens: 1_000,
      inputs: ['text', 'image'],
      prices: { input: 0.25, output: 1 },
    },
  ]);
  const found = async (filter: object) =>
    (await weir.run(ModelsDocument, { filter })).models.nodes.map(({ name }) => name);
  expect(await found({ priced: false })).toEqual(['never-heard-of']);
  expect(await found({ priced: true, search: 'PRICED' })).toEqual(['org/priced:3b']);
  expect(await found({ provider: 'nothing' })).toEqual([]);
});

test("the catalogue tells of the vendor's models, page by page, and a declared price goes before it", async () => {
  await set(openai);
  const all: string[] = [];
  let after: string | null = null;
  do {
    const { nodes, pageInfo, totalCount }: Awaited<ReturnType<typeof page>> = await page(after);
    all.push(...nodes.map(({ id }) => id));
    after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    expect(totalCount).toBeGreaterThan(10);
  } while (after !== null);
  expect(all).toEqual([...new Set(all)].sort());
  expect(all).toContain('openai/gpt-4o');

  const gpt = async () =>
    (await weir.run(ModelsDocument, { filter: { search: 'openai/gpt-4o' } })).models.nodes.find(
      ({ id }) => id === 'openai/gpt-4o',
    );
  expect(await gpt()).toMatchObject({ declared: false, prices: { input: 2.5, output: 10, cachedInput: 1.25 } });
  await set({ ...openai, models: [{ name: 'gpt-4o', prices: { input: 2, output: 8 } }] });
  expect(await gpt()).toMatchObject({ declared: true, prices: { input: 2, output: 8, cachedInput: 2 } });

  async function page(from: string | null) {
    return (await weir.run(ModelsDocument, { first: 7, after: from })).models;
  }
});

test('a deployment is known as the model it is based on, but for what is said of itself', async () => {
  const azure = { name: 'azure', kind: 'AZURE_OPENAI', credential: { apiKey: 'k' }, resourceName: 'r' } as const;
  await set({ ...azure, models: [{ name: 'prod', baseModel: 'gpt-4o', maxOutputTokens: 900 }] });
  const { nodes } = (await weir.run(ModelsDocument, { filter: { search: 'azure/prod' } })).models;
  expect(nodes).toMatchObject([
    { name: 'prod', declared: true, contextTokens: 128_000, maxOutputTokens: 900, prices: { input: 2.5, output: 10 } },
  ]);
});

test('bad pages and other callers are refused', async () => {
  expect((await weir.refused(ModelsDocument, { first: 0 })).code).toBe('BAD_USER_INPUT');
  expect((await weir.refused(ModelsDocument, { first: 5, after: 'x' })).code).toBe('BAD_USER_INPUT');
  expect((await weir.refused(ModelsDocument, {}, consumer)).code).toBe('FORBIDDEN');
});
