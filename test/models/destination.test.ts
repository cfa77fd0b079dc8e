import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { ProviderAccount } from '../../src/models/index.ts';
import { Secret } from '../../src/runtime/index.ts';
import { account, CANARY } from './support/accounts.ts';
import { ChatRig } from './support/chat-rig.ts';
import { json } from './support/chat-server.ts';
import { ask, callContext, failureOf } from './support/setup.ts';

const rig = new ChatRig();

describe('destination and credential', () => {
  test('a redirect is not followed, and is a fault', async () => {
    rig.server.answer = (response) => json(response, 307, {}, { location: `${rig.server.url}/elsewhere` });
    expect((await failureOf(rig.generate())).code).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(rig.server.requests).toHaveLength(1);
  });

  test.each(['../../admin', 'a/../../b', 'x?key=1', 'x#y', 'x\r\ny', 'a%2e%2e', '..', ''])(
    'a model’s name leads nowhere else: %j',
    async (model) => {
      await rig.start([account('GOOGLE', { baseUrl: `${rig.server.url}/v1beta` })]);
      const call = rig.setup.models.generate({ provider: 'acme', model }, ask('x'), callContext());
      expect(await failureOf(call)).toMatchObject({ code: 'UPSTREAM_REJECTED', neverLeft: true });
      expect(rig.server.requests).toHaveLength(0);
    },
  );

  test('the environment’s keys and base URLs reach no account', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OPENAI_API_KEY: 'sk-env',
      OPENAI_BASE_URL: 'http://127.0.0.1:1',
      AWS_BEARER_TOKEN_BEDROCK: 'env-token',
      GOOGLE_VERTEX_API_KEY: 'env-key',
    });
    try {
      await rig.start([
        account('OPENAI_COMPATIBLE', { baseUrl: `${rig.server.url}/v1`, credential: undefined as never }),
      ]);
      await rig.generate();
      await rig.start([withoutCredential('OPENAI', { baseUrl: `${rig.server.url}/v1` })]);
      await rig.generate();
      await rig.start([
        account('AMAZON_BEDROCK', {
          baseUrl: rig.server.url,
          options: { region: 'eu-central-1' },
          credential: { type: 'accessKey', accessKeyId: 'AKID', secretAccessKey: new Secret(CANARY) },
        }),
      ]);
      await failureOf(rig.generate());
      const [compatible, openai, bedrock] = rig.server.requests.map(({ headers }) => headers.authorization);
      expect(compatible).toBeUndefined();
      expect(openai).toBeUndefined();
      expect(bedrock).toMatch(/^AWS4-HMAC-SHA256 Credential=AKID\//);
      expect(JSON.stringify(rig.server.requests)).not.toMatch(/sk-env|env-token|env-key/);
    } finally {
      process.env = before;
    }
  });

  test('headers of the account are sent, and go before the package’s own', async () => {
    const headers = [
      { name: 'X-Team', value: 'books' },
      { name: 'Authorization', value: new Secret(`Basic ${CANARY}`) },
    ];
    await rig.start([withoutCredential('OPENAI', { baseUrl: `${rig.server.url}/v1`, headers })]);
    await rig.generate();
    expect(rig.server.requests[0]?.headers).toMatchObject({ 'x-team': 'books', authorization: `Basic ${CANARY}` });
  });

  test('a service account’s token is made once, and kept while it is good', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const credential = { type: 'serviceAccount', clientEmail: 'weir@p.example', privateKey: new Secret(pem) } as const;
    await rig.start([account('GOOGLE_VERTEX', { baseUrl: `${rig.server.url}/v1`, credential })]);
    rig.server.answer = (response, body) =>
      body.startsWith('grant_type=')
        ? json(response, 200, { access_token: 'ya29.token', expires_in: 3600 })
        : json(response, 200, {
            candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }],
          });
    await rig.generate();
    await rig.generate();
    expect(rig.server.requests.map(({ path }) => path)).toEqual([
      '/token',
      '/v1/models/gpt-4o:generateContent',
      '/v1/models/gpt-4o:generateContent',
    ]);
    expect(rig.server.requests[1]?.headers).toMatchObject({ authorization: 'Bearer ya29.token' });
    expect(rig.server.requests[1]?.headers['x-goog-api-key']).toBeUndefined();
    await rig.clock.advance(3_600_000);
    await rig.generate();
    expect(rig.server.requests.filter(({ path }) => path === '/token')).toHaveLength(2);
  });

  test('an access token is sent as it is, and no key beside it', async () => {
    const credential = { type: 'accessToken', accessToken: new Secret('ya29.given') } as const;
    await rig.start([account('GOOGLE_VERTEX', { baseUrl: `${rig.server.url}/v1`, credential })]);
    await failureOf(rig.generate());
    expect(rig.server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer ya29.given' });
    expect(rig.server.requests[0]?.headers['x-goog-api-key']).toBeUndefined();
  });

  test('Bedrock without a region sends nothing, though there is a URL: the region would be a guess', async () => {
    await rig.start([account('AMAZON_BEDROCK', { baseUrl: rig.server.url })]);
    expect(await failureOf(rig.generate())).toMatchObject({ neverLeft: true, elsewhere: true });
    expect(rig.server.requests).toEqual([]);
  });

  test('an account that is gone, or without what says where it leads', async () => {
    await rig.start([account('AZURE_OPENAI')]);
    expect(await failureOf(rig.generate())).toMatchObject({ neverLeft: true, elsewhere: true });
    const other = rig.setup.models.generate({ provider: 'gone', model: 'm' }, ask('x'), callContext());
    expect(await failureOf(other)).toMatchObject({ neverLeft: true, elsewhere: true });
    expect(rig.setup.models.hasProvider('gone')).toBe(false);
  });
});

function withoutCredential(kind: 'OPENAI', more: Partial<ProviderAccount>): ProviderAccount {
  const { credential: _, ...rest } = account(kind, more);
  return rest;
}
