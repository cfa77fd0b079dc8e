import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Secret } from '../../../src/sources/index.ts';
import type { UpstreamAuth } from '../../../src/sources/rest/definition.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type FaultServer, type ReceivedRequest, startFaultServer } from '../../support/fault-server.ts';
import { answer, json, operation, parameter } from '../rest/call/support/plans.ts';
import { type RestSource, type RestSourceOptions, startRestSource } from '../rest/call/support/rest-source.ts';

let source: RestSource | undefined;
let tokens: FaultServer | undefined;

async function start(options: RestSourceOptions): Promise<RestSource> {
  source = await startRestSource(options);
  return source;
}

afterEach(async () => {
  await source?.close();
  await tokens?.close();
  source = undefined;
  tokens = undefined;
});

const secured = [[{ scheme: 'any', scopes: [] }]];
const closed = operation('closed', {
  security: secured,
  parameters: [parameter('q', 'query'), parameter('c', 'cookie')],
});
const open = operation('open');
const optional = operation('optional', { security: [[], ...secured] });

const bearer: UpstreamAuth = { bearer: { token: new Secret('t0p') } };

describe('credentials of the source', () => {
  test('bearer and basic go into Authorization', async () => {
    const running = await start({ operations: [closed], definition: { auth: bearer } });
    expect((await running.sent('closed')).headers.authorization).toBe('Bearer t0p');
    await running.close();
    const auth: UpstreamAuth = { basic: { username: 'ä', password: new Secret('p:w') } };
    const basic = await start({ operations: [closed], definition: { auth } });
    const value = (await basic.sent('closed')).headers.authorization ?? '';
    expect(Buffer.from(value.replace('Basic ', ''), 'base64').toString()).toBe('ä:p:w');
  });

  test.each([
    ['HEADER', (request: ReceivedRequest) => request.headers['x-key'], 'k&1'],
    ['QUERY', (request: ReceivedRequest) => request.path, '/closed?q=a&X-Key=k%261'],
    ['COOKIE', (request: ReceivedRequest) => request.headers.cookie, 'c=b; X-Key=k%261'],
  ] as const)('an API key goes into the %s', async (place, read, expected) => {
    const auth: UpstreamAuth = { apiKey: { name: 'X-Key', in: place, value: new Secret('k&1') } };
    const running = await start({ operations: [closed], definition: { auth } });
    expect(read(await running.sent('closed', { q: 'a', c: 'b' }))).toBe(expected);
  });

  test('an argument of the name of the key does not get through beside it', async () => {
    const auth: UpstreamAuth = { apiKey: { name: 'q', in: 'QUERY', value: new Secret('key') } };
    const running = await start({ operations: [closed], definition: { auth } });
    expect((await running.sent('closed', { q: 'mine' })).path).toBe('/closed?q=key');
  });

  test('go only to operations that ask for one; to all when the document is silent', async () => {
    const running = await start({ operations: [closed, open, optional], definition: { auth: bearer } });
    expect((await running.sent('closed')).headers.authorization).toBe('Bearer t0p');
    expect((await running.sent('optional')).headers.authorization).toBe('Bearer t0p');
    expect((await running.sent('open')).headers.authorization).toBeUndefined();
    await running.close();
    const silent = await start({ operations: [open], definition: { auth: bearer } });
    expect((await silent.sent('open')).headers.authorization).toBe('Bearer t0p');
  });

  test("give way to the caller's own Authorization, when that is forwarded", async () => {
    const running = await start({
      operations: [closed],
      definition: { auth: bearer, forwardHeaders: ['Authorization'] },
    });
    const own = await running.sent('closed', {}, { headers: { authorization: 'Bearer mine' } });
    expect(own.headers.authorization).toBe('Bearer mine');
    expect((await running.sent('closed')).headers.authorization).toBe('Bearer t0p');
  });

  test('are nowhere to be seen in the connection', async () => {
    const running = await start({
      operations: [closed],
      definition: { auth: bearer, headers: [{ name: 'x-s', value: new Secret('t0p') }] },
      behaviour: { kind: 'answer', status: 500 },
    });
    const outcome = await running.call('closed');
    expect(inspect([running.connection, outcome], { depth: 8, showHidden: true })).not.toContain('t0p');
  });
});

describe('private answers', () => {
  const policy = { cache: { ttlSeconds: 60 } };
  const echo = (request: ReceivedRequest) =>
    ({ kind: 'answer', body: { auth: request.headers.authorization ?? null } }) as const;

  test("a caller's credential keeps the answer to that caller", async () => {
    const running = await start({
      operations: [open],
      definition: { forwardHeaders: ['authorization'] },
      policy,
      behaviour: echo,
    });
    const as = (callerId: string) =>
      running.call('open', {}, { callerId, headers: { authorization: `Bearer ${callerId}` } });
    expect(await as('a')).toMatchObject({ kind: 'FRESH', value: { auth: 'Bearer a' } });
    expect(await as('b')).toMatchObject({ kind: 'FRESH', value: { auth: 'Bearer b' } });
    expect(await as('a')).toMatchObject({ kind: 'CACHED', value: { auth: 'Bearer a' } });
    expect(await running.call('open', {}, { callerId: 'a' })).toMatchObject({ kind: 'FRESH', value: { auth: null } });
  });

  test('the same caller with another credential gets another answer', async () => {
    const running = await start({ operations: [open], definition: { forwardHeaders: ['x-api-key'] }, policy });
    const as = (key: string) => running.call('open', {}, { callerId: 'a', headers: { 'x-api-key': key } });
    expect([(await as('1')).kind, (await as('2')).kind, (await as('1')).kind]).toEqual(['FRESH', 'FRESH', 'CACHED']);
  });

  test('other forwarded headers split the cache, those that trace a request do not', async () => {
    const running = await start({
      operations: [open],
      definition: { forwardHeaders: ['accept-language', 'traceparent'] },
      policy,
    });
    const as = (language: string, trace: string) =>
      running.call('open', {}, { headers: { 'accept-language': language, traceparent: trace } });
    expect([(await as('de', '1')).kind, (await as('en', '1')).kind, (await as('de', '2')).kind]).toEqual([
      'FRESH',
      'FRESH',
      'CACHED',
    ]);
    expect(running.server.requests.map((request) => request.headers.traceparent)).toEqual(['1', '1']);
  });
});

describe('OAuth 2 client credentials', () => {
  async function startTokens(answers: (n: number) => object = () => ({})): Promise<FaultServer> {
    let n = 0;
    tokens = await startFaultServer({
      behaviour: () => {
        n++;
        return {
          kind: 'answer',
          body: { access_token: `token${n}`, token_type: 'Bearer', expires_in: 600, ...answers(n) },
        };
      },
    });
    return tokens;
  }

  const oauth = (server: FaultServer, more = {}): UpstreamAuth => ({
    oauth2: {
      tokenUrl: `${server.url}/token`,
      clientId: 'id:1',
      clientSecret: new Secret('s&1'),
      scopes: ['a', 'b'],
      ...more,
    },
  });

  test('asks as RFC 6749 says, once for many calls at once', async () => {
    const server = await startTokens();
    const running = await start({ operations: [open], definition: { auth: oauth(server) } });
    const sent = await Promise.all(Array.from({ length: 10 }, (_, n) => running.call('open', { n })));
    expect(sent.every(({ kind }) => kind === 'FRESH')).toBe(true);
    expect(new Set(running.server.requests.map((request) => request.headers.authorization))).toEqual(
      new Set(['Bearer token1']),
    );
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request?.method).toBe('POST');
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request?.body.toString()).toBe('grant_type=client_credentials&scope=a+b');
    const basic = Buffer.from((request?.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    expect(basic).toBe('id%3A1:s%261');
  });

  test('sends id and secret in the body when told', async () => {
    const server = await startTokens();
    const running = await start({
      operations: [open],
      definition: { auth: oauth(server, { clientAuthentication: 'BODY' }) },
    });
    await running.value('open');
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body.toString()))).toMatchObject({
      client_id: 'id:1',
      client_secret: 's&1',
    });
  });

  test('renews shortly before expiry', async () => {
    const clock = new FakeClock();
    const server = await startTokens();
    const running = await start({ operations: [open], definition: { auth: oauth(server) }, clock });
    const tokenOf = async () => (await running.sent('open')).headers.authorization;
    expect(await tokenOf()).toBe('Bearer token1');
    await clock.advance(569_000);
    expect(await tokenOf()).toBe('Bearer token1');
    await clock.advance(2_000);
    expect(await tokenOf()).toBe('Bearer token2');
  });

  test('a 401 renews once, also for many calls at once, and a second 401 is the answer', async () => {
    const server = await startTokens();
    const running = await start({ operations: [open], definition: { auth: oauth(server) } });
    running.server.behave((request) =>
      request.headers.authorization === 'Bearer token1'
        ? { kind: 'answer', status: 401 }
        : { kind: 'answer', body: {} },
    );
    const outcomes = await Promise.all(Array.from({ length: 5 }, (_, n) => running.call('open', { n })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'FRESH'));
    expect(server.requests).toHaveLength(2);
    running.server.behave({ kind: 'answer', status: 401 });
    expect(await running.call('open', { n: 9 })).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'UPSTREAM_REJECTED', status: 401 },
    });
    expect(running.server.requests.filter((request) => request.headers.authorization === 'Bearer token3')).toHaveLength(
      1,
    );
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    ['a refusal', { kind: 'answer', status: 401, body: { error: 'invalid_client', secret: 'tell' } }],
    ['no token', { kind: 'answer', body: { tell: 1 } }],
    ['a token for another use', { kind: 'answer', body: { access_token: 'tell', token_type: 'mac' } }],
    ['a token that breaks headers', { kind: 'answer', body: { access_token: 'tell\r\nx: y' } }],
    ['no JSON', { kind: 'answer', body: 'tell' }],
    ['nobody', { kind: 'close' }],
  ] as const)('%s: the call fails without reaching the upstream, nothing is told', async (_name, behaviour) => {
    const server = await startTokens();
    server.behave(behaviour);
    const running = await start({
      operations: [operation('open', { answer: answer(json) })],
      definition: { auth: oauth(server) },
    });
    const outcome = await running.call('open');
    expect(outcome.kind).toBe('FAILED');
    expect(running.server.requests).toHaveLength(0);
    expect(inspect(outcome, { depth: 8 })).not.toMatch(/tell|s&1|s%261/);
    // Another call soon after does not ask again.
    await running.call('open', { n: 2 });
    expect(server.requests.length).toBeLessThanOrEqual(1);
    expect(running.connection.health().endpoints[0]?.breaker).toBe('CLOSED');
  });

  test('closing while a token is on its way leaves nothing behind', async () => {
    const server = await startTokens();
    server.behave({ kind: 'silent' });
    const running = await start({ operations: [open], definition: { auth: oauth(server) } });
    const outcome = running.call('open');
    await server.until(({ requests }) => requests.length === 1);
    await running.connection.close();
    expect(await outcome).toMatchObject({ kind: 'FAILED' });
    await server.until(({ openSockets }) => openSockets === 0);
  });
});
