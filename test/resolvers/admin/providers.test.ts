import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { change, newRevision, newSource } from '../../registry/fixtures.ts';
import {
  AuditLogDocument,
  BudgetsDocument,
  type ProviderInput,
  ProvidersDocument,
  RemoveProviderDocument,
  SetBudgetDocument,
  SetProviderDocument,
} from '../../support/generated/admin-api.ts';
import { type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const apiKey = { apiKey: 'sk-canary-1234' };
const local: ProviderInput = { name: 'local', kind: 'OPENAI_COMPATIBLE', baseUrl: 'http://127.0.0.1:11434/v1' };

const set = async (input: ProviderInput) => (await weir.run(SetProviderDocument, { input })).setProvider;
const stored = async (name: string) => await weir.registry.provider(name);

async function problemsOf(input: ProviderInput): Promise<readonly string[]> {
  const before = await weir.snapshot();
  const error = await weir.refused(SetProviderDocument, { input });
  expect(error.code).toBe('INVALID_DEFINITION');
  expect(JSON.stringify(error)).not.toContain('canary');
  expect(await weir.snapshot()).toEqual(before);
  return error.problems.map(({ path, message }) => `${path}: ${message}`);
}

const COMPLETE: readonly ProviderInput[] = [
  { name: 'openai', kind: 'OPENAI', credential: apiKey, organization: 'org-1', project: 'proj_1' },
  {
    name: 'azure',
    kind: 'AZURE_OPENAI',
    credential: apiKey,
    resourceName: 'my-resource',
    apiVersion: '2025-04-01-preview',
  },
  { name: 'azure-url', kind: 'AZURE_OPENAI', credential: apiKey, baseUrl: 'https://ai.example.com/openai' },
  { name: 'anthropic', kind: 'ANTHROPIC', credential: apiKey },
  { name: 'google', kind: 'GOOGLE', credential: apiKey },
  {
    name: 'vertex',
    kind: 'GOOGLE_VERTEX',
    credential: { serviceAccount: { clientEmail: 'a@b.iam.gserviceaccount.com', privateKey } },
    project: 'my-project',
    location: 'europe-west1',
  },
  {
    name: 'vertex-token',
    kind: 'GOOGLE_VERTEX',
    credential: { accessToken: 'ya29.canary' },
    project: 'my-project',
    location: 'europe-west1',
  },
  { name: 'vertex-express', kind: 'GOOGLE_VERTEX', credential: apiKey },
  {
    name: 'bedrock',
    kind: 'AMAZON_BEDROCK',
    credential: { accessKey: { accessKeyId: 'AKIA1', secretAccessKey: 'canary', sessionToken: 'canary-token' } },
    region: 'eu-central-1',
  },
  { name: 'bedrock-key', kind: 'AMAZON_BEDROCK', credential: apiKey, region: 'us-east-1' },
  { name: 'mistral', kind: 'MISTRAL', credential: apiKey },
  { name: 'cohere', kind: 'COHERE', credential: apiKey },
  { name: 'xai', kind: 'XAI', credential: apiKey },
  { name: 'groq', kind: 'GROQ', credential: apiKey },
  { name: 'deepseek', kind: 'DEEPSEEK', credential: apiKey },
  local,
];

describe('setProvider', () => {
  test.each(COMPLETE)('takes $name, and shows no credential', async (input) => {
    const provider = await set(input);
    const { credential, ...plain } = input;
    expect(provider).toMatchObject(plain);
    const [way] = Object.keys(credential ?? {});
    const shown = {
      apiKey: 'API_KEY',
      accessKey: 'ACCESS_KEY',
      serviceAccount: 'SERVICE_ACCOUNT',
      accessToken: 'ACCESS_TOKEN',
    };
    expect(provider.credential).toBe(shown[way as keyof typeof shown] ?? null);
    expect((await stored(input.name))?.credential?.type).toBe(way);
    const everything = JSON.stringify([provider, await weir.run(ProvidersDocument), await weir.run(AuditLogDocument)]);
    expect(everything).not.toContain('canary');
    expect(everything).not.toContain('PRIVATE KEY');
  });

  test('keeps headers, those that are secret hidden, and declared models', async () => {
    const provider = await set({
      ...local,
      headers: [
        { name: 'x-team', value: 'blue', secret: false },
        { name: 'x-token', value: 'canary' },
      ],
      models: [
        { name: 'llama3.2:3b', contextTokens: 128_000, inputs: ['text'], prices: { input: 0, output: 0 } },
        { name: 'org/embed', prices: { input: 0.02, output: 0, cachedInput: 0.01 } },
      ],
    });
    expect(provider.headers).toEqual([
      { name: 'x-team', value: 'blue' },
      { name: 'x-token', value: null },
    ]);
    expect((await stored('local'))?.models).toEqual([
      { name: 'llama3.2:3b', contextTokens: 128_000, inputs: ['text'], prices: { input: 0, output: 0 } },
      { name: 'org/embed', prices: { input: 0.02, output: 0, cachedInput: 0.01 } },
    ]);
  });

  test('puts another account in the place of one that is there, its secrets kept when they are left out', async () => {
    const first = await set({ ...local, credential: apiKey, headers: [{ name: 'x-token', value: 'canary' }] });
    const second = await set({ ...local, models: [{ name: 'small' }] });
    expect(second.version).toBeGreaterThan(first.version);
    expect(second).toMatchObject({ credential: 'API_KEY', headers: [{ name: 'x-token', value: null }] });
    const { credential, headers } = (await stored('local')) ?? {};
    expect(credential?.type === 'apiKey' && credential.apiKey.reveal()).toBe('sk-canary-1234');
    expect(String(headers?.[0]?.value)).toBe('[secret]');

    await set({ ...local, credential: { apiKey: 'sk-canary-new' } });
    const rotated = (await stored('local'))?.credential;
    expect(rotated?.type === 'apiKey' && rotated.apiKey.reveal()).toBe('sk-canary-new');
    expect(await set({ ...local, credential: {}, headers: [] })).toMatchObject({ credential: null, headers: [] });
    const { nodes } = (await weir.run(AuditLogDocument)).auditLog;
    expect(nodes.map(({ action, detail }) => [action, (detail as { credential: string }).credential])).toEqual([
      ['setProvider', 'none'],
      ['setProvider', 'given'],
      ['setProvider', 'kept'],
      ['setProvider', 'given'],
    ]);
  });

  test('never sends a secret that is left out to another place than it was given for', async () => {
    await set({ ...local, credential: apiKey, headers: [{ name: 'x-token', value: 'canary' }] });
    for (const elsewhere of [
      { ...local, baseUrl: 'http://127.0.0.1:6666/v1' },
      { ...local, kind: 'MISTRAL' as const },
    ]) {
      expect(await problemsOf(elsewhere)).toEqual([
        'input.credential: Expected the credential again, since kind, URL or the like are not what they were; got none.',
        'input.headers: Expected the headers again, since kind, URL or the like are not what they were; got none.',
      ]);
    }
    expect(await set({ ...local, baseUrl: 'http://127.0.0.1:6666/v1', credential: apiKey, headers: [] })).toMatchObject(
      {
        baseUrl: 'http://127.0.0.1:6666/v1',
      },
    );
  });

  describe('refuses, with every problem and its place', () => {
    test.each<[string, Partial<ProviderInput>, readonly RegExp[]]>([
      ['a name with a slash', { name: 'a/b' }, [/^input.name: .*small letters.*"a\/b"/]],
      ['a name in capitals', { name: 'Local' }, [/^input.name: /]],
      ['no name', { name: '' }, [/^input.name: /]],
      ['a name that Weir uses', { name: 'prompt' }, [/^input.name: .*does not use itself/]],
      ['no URL', { baseUrl: null }, [/^input.baseUrl: .*got none/]],
      ['no URL at all', { baseUrl: 'not a url' }, [/^input.baseUrl: Expected an absolute http or https URL/]],
      ['a URL with credentials', { baseUrl: 'http://a:canary@127.0.0.1' }, [/^input.baseUrl: .*without credentials/]],
      ['a URL with a query', { baseUrl: 'http://127.0.0.1/?key=canary' }, [/^input.baseUrl: .*without query/]],
      ['cloud metadata', { baseUrl: 'http://169.254.169.254/' }, [/^input.baseUrl: The URL must not lead to/]],
      [
        'an option of another kind',
        { region: 'eu-central-1', project: 'x' },
        [/^input.project: .*has no project/, /^input.region: /],
      ],
      [
        'a credential of another kind',
        { credential: { accessKey: { accessKeyId: 'a', secretAccessKey: 'canary' } } },
        [/^input.credential: Expected apiKey for OPENAI_COMPATIBLE; got accessKey/],
      ],
      [
        'two credentials',
        { credential: { ...apiKey, serviceAccount: { clientEmail: 'a', privateKey } } },
        [/^input.credential: .*got apiKey, serviceAccount/],
      ],
      ['an empty key', { credential: { apiKey: '' } }, [/^input.credential.apiKey: .*got 0/]],
      [
        'a key with a line break',
        { credential: { apiKey: 'canary\n' } },
        [/^input.credential.apiKey: .*visible ASCII/],
      ],
      [
        'bad headers',
        {
          headers: [
            { name: 'x y', value: 'a' },
            { name: 'x', value: 'canary\r\n' },
            { name: 'X', value: 'a' },
          ],
        },
        [/^input.headers.0.name: /, /^input.headers.1.value: /, /^input.headers.2.name: .*once/],
      ],
      [
        'bad models',
        {
          models: [
            { name: 'a b' },
            { name: 'm', contextTokens: 0, inputs: ['Images!'], prices: { input: -1, output: 1e9 } },
            { name: 'm' },
            { name: 'n', baseModel: '' },
          ],
        },
        [
          /^input.models.0.name: /,
          /^input.models.1.contextTokens: /,
          /^input.models.1.inputs.0: /,
          /^input.models.1.prices.input: /,
          /^input.models.1.prices.output: /,
          /^input.models.2.name: .*models.1 again/,
          /^input.models.3.baseModel: /,
        ],
      ],
    ])('%s', async (_name, over, expected) => {
      const problems = await problemsOf({ ...local, ...over });
      expect(problems).toHaveLength(expected.length);
      for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
    });

    test.each<[ProviderInput, readonly RegExp[]]>([
      [{ name: 'a', kind: 'OPENAI' }, [/^input.credential: Expected apiKey for OPENAI; got none/]],
      [{ name: 'a', kind: 'OPENAI', credential: {} }, [/^input.credential: .*got none/]],
      [{ name: 'a', kind: 'AZURE_OPENAI', credential: apiKey }, [/^input.baseUrl: .*got neither/]],
      [
        { name: 'a', kind: 'AZURE_OPENAI', credential: apiKey, resourceName: 'r', baseUrl: 'https://a.example' },
        [/^input.baseUrl: .*got both/],
      ],
      [
        { name: 'a', kind: 'AZURE_OPENAI', credential: apiKey, resourceName: 'evil.example/x?' },
        [/^input.resourceName: /, /^input.baseUrl: /],
      ],
      [{ name: 'a', kind: 'AMAZON_BEDROCK', credential: apiKey }, [/^input.region: .*got none/]],
      [{ name: 'a', kind: 'AMAZON_BEDROCK', credential: apiKey, region: 'evil.example#' }, [/^input.region: /]],
      [{ name: 'a', kind: 'GOOGLE_VERTEX', credential: apiKey, project: 'p' }, [/^input.project: Expected none/]],
      [
        {
          name: 'a',
          kind: 'GOOGLE_VERTEX',
          credential: { serviceAccount: { clientEmail: 'a@b', privateKey: 'canary' } },
        },
        [/privateKey: Expected a private key in PEM form/, /^input.project: /, /^input.location: /],
      ],
    ])('%j', async (input, expected) => {
      const problems = await problemsOf(input);
      expect(problems).toHaveLength(expected.length);
      for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
    });

    test('private addresses, in production', async () => {
      await weir.close();
      weir = await startHarness({ production: true });
      expect(await problemsOf({ ...local, credential: apiKey })).toEqual([
        'input.baseUrl: The URL must lead to a public address or to one listed in WEIR_EGRESS_ALLOW, but 127.0.0.1 does not.',
      ]);
    });
  });

  test('of two at once on one account, one is a conflict or comes after the other', async () => {
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => set({ ...local, headers: [{ name: `x-${n}`, value: 'a' }] })),
    );
    const won = results.filter(({ status }) => status === 'fulfilled').length;
    expect(won).toBeGreaterThanOrEqual(1);
    const { nodes } = (await weir.run(AuditLogDocument)).auditLog;
    expect(nodes).toHaveLength(won);
  });
});

describe('removeProvider', () => {
  test('takes the account with its budgets', async () => {
    await set({ ...local, models: [{ name: 'small' }] });
    await weir.run(SetBudgetDocument, { input: { kind: 'PROVIDER', id: 'local', requestsPerMinute: 1 } });
    await weir.run(SetBudgetDocument, { input: { kind: 'MODEL', id: 'local/small', requestsPerMinute: 1 } });
    await weir.run(RemoveProviderDocument, { name: 'local' });
    expect((await weir.run(ProvidersDocument)).providers).toEqual([]);
    expect((await weir.run(BudgetsDocument)).budgets).toEqual([]);
    expect(weir.budgets.status()).toEqual([]);
    expect((await weir.refused(RemoveProviderDocument, { name: 'local' })).code).toBe('NOT_FOUND');
  });

  test('is refused while a published source names one of its models', async () => {
    await set(local);
    const models = [
      { provider: 'other', model: 'x' },
      { provider: 'local', model: 'small' },
    ];
    for (const name of ['summary', 'draft', 'translate']) {
      await weir.registry.addSource(
        newSource(name, { kind: 'PROMPT', revision: newRevision({ definition: { models } }) }),
        change('registerSource'),
      );
    }
    const live = { state: 'PUBLISHED', liveRevision: 1 } as const;
    for (const name of ['translate', 'summary'])
      await weir.registry.changeSource(name, 1, live, change('publishSource'));
    const error = await weir.refused(RemoveProviderDocument, { name: 'local' });
    expect(error).toMatchObject({ code: 'CONFLICT', extensions: { sources: ['summary', 'translate'] } });
    for (const name of ['translate', 'summary']) {
      await weir.registry.changeSource(name, 2, { state: 'RETIRED', liveRevision: undefined }, change('retireSource'));
    }
    await weir.run(RemoveProviderDocument, { name: 'local' });
    expect(await weir.registry.providers()).toEqual([]);
  });
});

test('accounts are there after a restart', async () => {
  for (const input of COMPLETE) await set(input);
  const before = (await weir.run(ProvidersDocument)).providers;
  weir = await weir.restart();
  expect((await weir.run(ProvidersDocument)).providers).toEqual(before);
  const bedrock = (await stored('bedrock'))?.credential;
  expect(bedrock?.type === 'accessKey' && bedrock.sessionToken?.reveal()).toBe('canary-token');
});
