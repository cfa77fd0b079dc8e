import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Harness, startHarness } from './support/harness.ts';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const examplesOf = (page: string): readonly string[] => {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, example]) => example ?? '');
};

describe.each(['providers.md', 'budgets.md'])('the examples of docs/%s', (page) => {
  let weir: Harness;
  beforeAll(async () => {
    weir = await startHarness();
  });
  afterAll(() => weir.close());

  test.each(examplesOf(page))('%s', async (example) => {
    expect(await weir.run(example, example.includes('$privateKey') ? { privateKey } : {})).toBeTruthy();
  });
});
