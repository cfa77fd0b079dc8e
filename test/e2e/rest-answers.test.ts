import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getting, openapi, type RestGateway, startRestGateway } from '../support/rest-gateway.ts';

let rest: RestGateway;
beforeAll(async () => {
  rest = await startRestGateway();
});
afterAll(() => rest.close());

const TRACE = { 'weir-trace': '1' };
const pet = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
};
const document = openapi({
  '/pets/{id}': getting('getPet', pet, {
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
  }),
  '/made': {
    post: {
      operationId: 'make',
      responses: { 201: { description: 'made', content: { 'application/json': { schema: pet } } } },
    },
  },
});

describe('statuses', () => {
  test('a 4xx is a refusal with its status; nothing else of it is told', async () => {
    await rest.publish('refusing', document);
    rest.upstream.next({ kind: 'answer', status: 404, body: { detail: 'no such row in table pets' } });
    const { data, errors } = await rest.weir.query('{ refusing { getPet(id: "1") { name } } }');
    expect(data.refusing.getPet).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'refusing refused the request (HTTP 404).',
        path: ['refusing', 'getPet'],
        extensions: {
          code: 'UPSTREAM_REJECTED',
          source: 'refusing',
          reason: 'http_request_error',
          status: 404,
          retryable: false,
          attempts: 1,
        },
      }),
    ]);
  });

  test('a 404 is null without an error where the owner says so; other refusals are not', async () => {
    await rest.publish('finding', document, { operations: [{ operation: 'getPet', notFoundIsNull: true }] });
    rest.upstream.next({ kind: 'answer', status: 404, body: {} }, { kind: 'answer', status: 403, body: {} });
    const missing = await rest.weir.query('{ finding { getPet(id: "1") { name } } }');
    expect([missing.data.finding.getPet, missing.errors]).toEqual([null, []]);
    const forbidden = await rest.weir.query('{ finding { getPet(id: "2") { name } } }');
    expect(forbidden.errors[0]?.extensions.status).toBe(403);
  });

  test('after a 429 the upstream is left alone for as long as it asked', async () => {
    await rest.publish('busy', document);
    rest.upstream.next({ kind: 'answer', status: 429, headers: { 'retry-after': '60' }, body: {} });
    const first = await rest.weir.query('{ busy { getPet(id: "1") { name } } }');
    expect(first.errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_OVERLOADED', retryable: true });
    const before = rest.upstream.requests.length;
    const second = await rest.weir.query('{ busy { getPet(id: "2") { name } } }');
    expect(second.errors[0]?.extensions.code).toBe('UPSTREAM_OVERLOADED');
    const retryAfterMs = Number(second.errors[0]?.extensions.retryAfterMs);
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(rest.upstream.requests).toHaveLength(before);
  });

  test('a 5xx goes down the ladder: tried again, then a backup', async () => {
    const { url } = rest.upstream;
    await rest.publish('falling', document, { endpoints: [{ url: `${url}/a` }, { url: `${url}/b`, priority: 1 }] });
    rest.upstream.behave(({ path }) =>
      path.startsWith('/a/') ? { kind: 'answer', status: 503, body: {} } : { kind: 'answer', body: { name: 'from b' } },
    );
    const { data, errors, extensions } = await rest.weir.query('{ falling { getPet(id: "1") { name } } }');
    expect([data.falling.getPet.name, errors]).toEqual(['from b', []]);
    expect(extensions.weir.sources).toEqual([{ name: 'falling', outcome: 'BACKUP', paths: ['falling.getPet'] }]);
    const write = await rest.weir.query('mutation { falling { make { name } } }');
    rest.upstream.behave({ kind: 'answer' });
    expect(write.errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR', status: 503, attempts: 1 });
  });
});

describe("the upstream's own words", () => {
  const SECRET = 'tok-7f3a9c';
  const body = `{"error":"row 17 of host db-3.internal","sent":"Bearer ${SECRET}","pad":"${'x'.repeat(5000)}"}`;
  const query = 'query ($id: String!) { telling { getPet(id: $id) { name } } }';
  let key = '';

  beforeAll(async () => {
    await rest.publish('telling', document, { auth: { bearer: { token: SECRET } } });
    const { data, errors } = await rest.weir.admin(
      'mutation { createKey(input: { name: "c", role: CONSUMER }) { secret } }',
    );
    expect(errors).toEqual([]);
    key = data.createKey.secret;
  });

  const refused = () =>
    rest.upstream.next({ kind: 'answer', status: 422, headers: { 'content-type': 'application/problem+json' }, body });

  test('an admin who asks for a trace sees the beginning of them, without the credential', async () => {
    refused();
    const { extensions, errors } = await rest.weir.admin(query, { id: 'a' }, TRACE);
    const [call] = extensions.weir.calls;
    expect(call.upstreamAnswer).toMatchObject({
      contentType: 'application/problem+json',
      bytes: body.length,
      cut: true,
    });
    expect(call.upstreamAnswer.text).toContain('row 17 of host db-3.internal');
    expect(call.upstreamAnswer.text).toContain('Bearer [secret]');
    expect(call.upstreamAnswer.text.length).toBeLessThanOrEqual(2000);
    expect(JSON.stringify(errors)).not.toContain('db-3');
    expect(JSON.stringify(extensions)).not.toContain(SECRET);
  });

  test('also of what came as an answer and was none', async () => {
    rest.upstream.behave({ kind: 'answer', headers: { 'content-type': 'text/html' }, body: '<h1>Sign in</h1>' });
    const { extensions } = await rest.weir.admin(query, { id: 'b' }, TRACE);
    rest.upstream.behave({ kind: 'answer' });
    expect(extensions.weir.calls[0].upstreamAnswer).toEqual({
      contentType: 'text/html',
      bytes: 16,
      text: '<h1>Sign in</h1>',
    });
  });

  test('nobody else ever does', async () => {
    const callers = [
      () => rest.weir.admin(query, { id: 'c' }),
      () => rest.weir.query(query, { id: 'd' }, TRACE),
      () => rest.weir.query(query, { id: 'e' }, { ...TRACE, 'weir-key': key }),
    ];
    for (const ask of callers) {
      refused();
      const answer = await ask();
      expect(answer.errors[0]?.extensions.status).toBe(422);
      expect(JSON.stringify({ ...answer, headers: [...answer.headers] })).not.toMatch(/row 17|db-3|upstreamAnswer/);
    }
  });
});

describe('drift', () => {
  test('a wrong type costs its field and no other, and is reported on the source without its value', async () => {
    await rest.publish('drifting', document);
    rest.upstream.next({ kind: 'answer', body: { id: 'seven secrets', name: 'Rex', tags: ['a', 5, 'c'] } });
    const { data, errors } = await rest.weir.query('{ drifting { getPet(id: "1") { id name tags } } }');
    expect(data.drifting.getPet).toEqual({ id: null, name: 'Rex', tags: ['a', null, 'c'] });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['drifting', 'getPet', 'id'], 'UPSTREAM_INVALID_RESPONSE'],
      [['drifting', 'getPet', 'tags', 1], 'UPSTREAM_INVALID_RESPONSE'],
    ]);
    expect(JSON.stringify(errors)).not.toContain('seven secrets');
    const report = await rest.weir.admin(
      '{ source(name: "drifting") { drift { operation path expected received count } } }',
    );
    expect(report.data.source.drift).toEqual(
      expect.arrayContaining([
        { operation: 'getPet', path: '$.id', expected: 'integer', received: 'string', count: 1 },
        { operation: 'getPet', path: '$.tags[*]', expected: 'string', received: 'integer', count: 1 },
      ]),
    );
    expect(report.data.source.drift).toHaveLength(2);
  });

  test('a field that nobody asks for costs nothing', async () => {
    rest.upstream.next({ kind: 'answer', body: { id: 'x', name: 'Rex' } });
    const { data, errors } = await rest.weir.query('{ drifting { getPet(id: "2") { name } } }');
    expect([data.drifting.getPet, errors]).toEqual([{ name: 'Rex' }, []]);
  });
});
