import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FaultServer, startFaultServer } from '../support/fault-server.ts';
import { getting, openapi, type RestGateway, startRestGateway } from '../support/rest-gateway.ts';

let rest: RestGateway;
let tokens: FaultServer;
beforeAll(async () => {
  [rest, tokens] = await Promise.all([startRestGateway(), startFaultServer()]);
});
afterAll(() => Promise.all([rest.close(), tokens.close()]));

const document = openapi({ '/thing': getting('getThing', {}), '/free': getting('getFree', {}, { security: [] }) });
const secured = (schemes: object) =>
  openapi(
    { '/thing': getting('getThing', {}), '/free': getting('getFree', {}, { security: [] }) },
    {
      components: { securitySchemes: schemes },
      security: [Object.fromEntries(Object.keys(schemes).map((name) => [name, []]))],
    },
  );

describe('ways to prove', () => {
  test.each([
    ['bearer', { bearer: { token: 't0ken' } }, { authorization: 'Bearer t0ken' }, '/thing'],
    [
      'basic',
      { basic: { username: 'ann', password: 'pä:ss' } },
      { authorization: `Basic ${Buffer.from('ann:pä:ss').toString('base64')}` },
      '/thing',
    ],
    ['header', { apiKey: { name: 'X-Key', in: 'HEADER', value: 'k' } }, { 'x-key': 'k' }, '/thing'],
    ['query', { apiKey: { name: 'key', in: 'QUERY', value: 'k&1' } }, {}, '/thing?key=k%261'],
    ['cookie', { apiKey: { name: 'sid', in: 'COOKIE', value: 'k' } }, { cookie: 'sid=k' }, '/thing'],
  ])('%s', async (name, auth, headers, path) => {
    await rest.publish(name, document, { auth });
    const request = await rest.sent(`{ ${name} { getThing } }`);
    expect(request.headers).toMatchObject(headers);
    expect(request.path).toBe(path);
  });

  test('operations that the document leaves open are called without', async () => {
    await rest.publish('open', secured({ token: { type: 'http', scheme: 'bearer' } }), {
      auth: { bearer: { token: 't' } },
    });
    expect((await rest.sent('{ open { getThing } }')).headers.authorization).toBe('Bearer t');
    expect((await rest.sent('{ open { getFree } }')).headers.authorization).toBeUndefined();
  });

  test('what proves Weir is shown to nobody, and is not in the data folder as text', async () => {
    const { data } = await rest.weir.admin(
      '{ source(name: "basic") { revisions { number sdl } } auditLog(first: 50) { nodes { action } } }',
    );
    expect(JSON.stringify(data)).not.toContain('ss');
    const { readdirSync, readFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    for (const file of readdirSync(rest.weir.dataDir)) {
      const content = readFileSync(join(rest.weir.dataDir, file));
      for (const secret of ['t0ken', 'pä:ss']) expect([file, content.includes(secret)]).toEqual([file, false]);
    }
  });
});

describe('OAuth 2 client credentials', () => {
  const oauth2 = (more: object = {}) => ({
    oauth2: {
      tokenUrl: `${tokens.url}/token`,
      clientId: 'weir',
      clientSecret: 's/cret',
      scopes: ['read', 'write'],
      ...more,
    },
  });
  const issue = (token: string, expiresIn?: number) => ({
    kind: 'answer' as const,
    body: { access_token: token, token_type: 'Bearer', ...(expiresIn === undefined ? {} : { expires_in: expiresIn }) },
  });

  test('one token for all, fetched once however many ask, kept, and renewed when the upstream refuses it', async () => {
    await rest.publish('granted', document, { auth: oauth2() });
    tokens.next(issue('first', 3600), issue('second', 3600));
    rest.upstream.behave(({ headers }) => ({ kind: 'answer', body: { seen: headers.authorization } }));
    const many = await rest.weir.query('{ granted { a: getThing b: getFree } }');
    expect(many.data.granted).toEqual({ a: { seen: 'Bearer first' }, b: { seen: 'Bearer first' } });
    expect(tokens.requests).toHaveLength(1);
    const [request] = tokens.requests;
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('weir:s%2Fcret').toString('base64')}`);
    expect(request?.body.toString()).toBe('grant_type=client_credentials&scope=read+write');
    rest.upstream.behave(({ headers }) =>
      headers.authorization === 'Bearer second'
        ? { kind: 'answer', body: { ok: true } }
        : { kind: 'answer', status: 401, body: {} },
    );
    const again = await rest.weir.query('{ granted { a: getThing b: getFree } }', {}, { 'cache-control': 'no-cache' });
    rest.upstream.behave({ kind: 'answer' });
    expect([again.data.granted, again.errors]).toEqual([{ a: { ok: true }, b: { ok: true } }, []]);
    expect(tokens.requests).toHaveLength(2);
  });

  test('id and secret in the body, where the token server wants them there', async () => {
    await rest.publish('posted', document, { auth: oauth2({ clientAuthentication: 'BODY', scopes: [] }) });
    tokens.next(issue('third'));
    expect((await rest.sent('{ posted { getThing } }')).headers.authorization).toBe('Bearer third');
    const request = tokens.requests.at(-1);
    expect(request?.headers.authorization).toBeUndefined();
    expect(request?.body.toString()).toBe('grant_type=client_credentials&client_id=weir&client_secret=s%2Fcret');
  });

  test('no token, no call, and nothing of the token server is told', async () => {
    await rest.publish('refused', document, { auth: oauth2() });
    tokens.next({ kind: 'answer', status: 401, body: { error: 'invalid_client', hint: 'inner words' } });
    const before = rest.upstream.requests.length;
    const answer = await rest.weir.query('{ refused { getThing } }', {}, { 'weir-trace': '1' });
    expect(answer.errors[0]?.extensions.code).toBe('UPSTREAM_ERROR');
    expect(rest.upstream.requests).toHaveLength(before);
    expect(JSON.stringify([answer.errors, answer.extensions])).not.toMatch(/inner words|127\.0\.0\.1|invalid_client/);
  });
});

describe("the caller's own", () => {
  test('a forwarded header takes the place of the credential, and its answers are kept apart', async () => {
    await rest.publish('own', document, {
      auth: { bearer: { token: 'of-weir' } },
      forwardHeaders: ['authorization', 'x-tenant'],
    });
    const seen = async (headers: Record<string, string>) =>
      (await rest.sent('{ own { getThing } }', {}, headers)).headers;
    expect((await seen({})).authorization).toBe('Bearer of-weir');
    expect((await seen({ authorization: 'Bearer of-ann' })).authorization).toBe('Bearer of-ann');
    expect(await seen({ 'x-tenant': 'a', cookie: 'c=1', 'x-other': 'b' })).toMatchObject({
      authorization: 'Bearer of-weir',
      'x-tenant': 'a',
    });
    const last = rest.upstream.requests.at(-1)?.headers ?? {};
    expect([last.cookie, last['x-other']]).toEqual([undefined, undefined]);
  });

  test('headers of the owner go with every call; no argument takes their place', async () => {
    const taking = openapi({
      '/thing': getting(
        'getThing',
        {},
        { parameters: [{ name: 'X-Version', in: 'header', schema: { type: 'string' } }] },
      ),
    });
    await rest.publish('fixed', taking, {
      headers: [
        { name: 'X-Version', value: '2' },
        { name: 'X-Plan', value: 'gold', secret: false },
      ],
    });
    expect((await rest.sent('{ fixed { getThing(X_Version: "1") } }')).headers).toMatchObject({
      'x-version': '2',
      'x-plan': 'gold',
    });
  });
});

describe('private documents', () => {
  const register = async (name: string, more: Record<string, unknown>) => {
    const rest_ = {
      url: `${rest.upstream.url}/private/openapi.json`,
      endpoints: [{ url: rest.upstream.url }],
      ...more,
    };
    return rest.weir.admin('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', {
      input: { name, rest: rest_ },
    });
  };
  const guarded = (proof: (headers: Readonly<Record<string, string>>, path: string) => boolean) =>
    rest.upstream.behave(({ headers, path }) => {
      if (!proof(headers, path)) return { kind: 'answer', status: 401, body: {} };
      if (path.startsWith('/private/paths')) return { kind: 'answer', body: getting('getThing', {}) };
      return { kind: 'answer', body: openapi({ '/thing': { $ref: 'paths.json' } }) };
    });
  afterAll(() => rest.upstream.behave({ kind: 'answer' }));

  test.each([
    [
      'a bearer token',
      { bearer: { token: 'doc' } },
      (headers: Readonly<Record<string, string>>) => headers.authorization === 'Bearer doc',
    ],
    [
      'a key in the query',
      { apiKey: { name: 'k', in: 'QUERY', value: 'doc' } },
      (_: unknown, path: string) => path.endsWith('?k=doc'),
    ],
    [
      'a key in a cookie',
      { apiKey: { name: 'k', in: 'COOKIE', value: 'doc' } },
      (headers: Readonly<Record<string, string>>) => headers.cookie === 'k=doc',
    ],
  ])("at an endpoint's origin is fetched with the source's own proof: %s", async (what, auth, proof) => {
    guarded(proof);
    const { errors } = await register(`private${what.length}`, { auth });
    expect(errors).toEqual([]);
  });

  test('also with a token that has to be fetched first, and with the headers of its owner', async () => {
    guarded((headers) => headers.authorization === 'Bearer fetched' && headers['x-plan'] === 'gold');
    tokens.next({ kind: 'answer', body: { access_token: 'fetched', token_type: 'bearer' } });
    const auth = { oauth2: { tokenUrl: `${tokens.url}/token`, clientId: 'a', clientSecret: 'b' } };
    const { errors } = await register('privateOauth', { auth, headers: [{ name: 'x-plan', value: 'gold' }] });
    expect(errors).toEqual([]);
  });

  test('elsewhere it is not: the proof would be given to strangers', async () => {
    guarded((headers) => headers.authorization !== undefined);
    const auth = { bearer: { token: 'doc' } };
    for (const endpoints of [[{ url: tokens.url }], undefined]) {
      const { errors } = await register('elsewhere', { auth, endpoints });
      expect(rest.upstream.requests.at(-1)?.headers.authorization).toBeUndefined();
      expect(errors[0]?.extensions.problems).toEqual([
        {
          path: 'input.rest.url',
          message: expect.stringMatching(/status 401.*sent to the origin of its endpoints only/),
        },
      ]);
    }
  });

  test('nor is it sent where a document leads: neither by reference nor by redirect', async () => {
    const strange = openapi({ '/thing': getting('getThing', { $ref: `${tokens.url}/types.json` }) });
    rest.upstream.next({ kind: 'answer', body: strange });
    tokens.next({ kind: 'answer', body: { type: 'string' } });
    expect((await register('leading', { auth: { bearer: { token: 'doc' } } })).errors).toEqual([]);
    expect(tokens.requests.at(-1)).toMatchObject({ path: '/types.json' });
    expect(tokens.requests.at(-1)?.headers.authorization).toBeUndefined();
    rest.upstream.next({ kind: 'redirect', to: `${tokens.url}/openapi.json` });
    tokens.next({ kind: 'answer', body: document });
    const key = { apiKey: { name: 'X-Key', in: 'HEADER', value: 'doc' } };
    expect((await register('moved', { auth: key })).errors).toEqual([]);
    expect(tokens.requests.at(-1)).toMatchObject({ path: '/openapi.json' });
    expect(tokens.requests.at(-1)?.headers['x-key']).toBeUndefined();
    tokens.next({
      kind: 'answer',
      body: openapi({ '/thing': getting('getThing', { $ref: `${rest.upstream.url}/types.json` }) }),
    });
    rest.upstream.next({ kind: 'answer', body: { type: 'string' } });
    const { errors } = await register('back', {
      url: `${tokens.url}/openapi.json`,
      auth: { bearer: { token: 'doc' } },
    });
    expect(errors).toEqual([]);
    expect(rest.upstream.requests.at(-1)?.headers.authorization).toBeUndefined();
  });
});
