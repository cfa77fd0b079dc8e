import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getting, openapi, type RestGateway, startRestGateway } from '../support/rest-gateway.ts';

let rest: RestGateway;
beforeAll(async () => {
  rest = await startRestGateway();
});
afterAll(() => rest.close());

const text = { type: 'string' };

/** One good operation among parts that are wrong, or contradict each other, each in a way of its own. */
const sloppy = openapi(
  {
    '/good': getting('same', { $ref: '#/components/schemas/Loop' }),
    '/twice': getting('same', text),
    '/number': { get: 5 },
    '/nothing': null,
    '/gap/{id}': getting('gap', text),
    '/surplus': getting('surplus', text, { parameters: [{ name: 'id', in: 'path', required: true, schema: text }] }),
    '/bad': getting('bad', text, { parameters: [{ name: 'q' }, 'q', { name: 'ok', in: 'query', schema: text }] }),
    '/told': getting('told', {
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
      discriminator: { propertyName: 'kind', mapping: { bird: '#/components/schemas/Bird' } },
    }),
    '/free': getting('free', { type: 'object', properties: { a: text }, additionalProperties: { type: 'integer' } }),
    '/make': {
      post: { operationId: 'make', requestBody: { content: {} }, responses: { 204: { description: 'made' } } },
    },
  },
  {
    components: {
      schemas: {
        Loop: { allOf: [{ $ref: '#/components/schemas/Loop' }, { type: 'object', properties: { a: text } }] },
        Cat: { type: 'object', properties: { kind: text, lives: text } },
        Dog: { type: 'object', properties: { kind: text, tricks: text } },
        Bird: { type: 'object', properties: { kind: text } },
      },
    },
  },
);

/** Where each is wrong, as a JSON pointer into the document as it was given. */
const PLACES = [
  '/components/schemas/Loop/allOf/0',
  '/paths/~1bad/get/parameters/0',
  '/paths/~1bad/get/parameters/1',
  '/paths/~1free/get/responses/200/content/application~1json/schema/additionalProperties',
  '/paths/~1gap~1{id}/get',
  '/paths/~1make/post/requestBody',
  '/paths/~1nothing',
  '/paths/~1number/get',
  '/paths/~1surplus/get/parameters/0',
  '/paths/~1told/get/responses/200/content/application~1json/schema/discriminator/mapping/bird',
  '/paths/~1twice/get/operationId',
];

test('what can still be used is used, and each wrong part is a warning with its place', async () => {
  await rest.publish('sloppy', sloppy);
  rest.upstream.behave(({ path }) => ({ kind: 'answer', body: path === '/good' ? { a: 'b' } : '"text"' }));
  const { data, errors } = await rest.weir.query('{ sloppy { same { a } getTwice gap(id: "1") bad(ok: "2") } }');
  expect([data.sloppy.same, errors]).toEqual([{ a: 'b' }, []]);
  expect(rest.upstream.requests.map(({ path }) => path).sort()).toEqual(['/bad?ok=2', '/gap/1', '/good', '/twice']);
  rest.upstream.behave({ kind: 'answer' });
  const { data: admin } = await rest.weir.admin(
    '{ source(name: "sloppy") { revisions { warnings { path message } } } }',
  );
  const warned = admin.source.revisions[0].warnings.map(({ path }: { path: string }) => path);
  expect(warned).toEqual(expect.arrayContaining(PLACES));
});

test('strict: true refuses it, with every one of those places', async () => {
  const problems = await rest.problems(sloppy, { strict: true });
  expect(problems.map(({ path }) => path).sort()).toEqual(PLACES);
  for (const { message } of problems) expect(message.length).toBeGreaterThan(20);
  expect((await rest.weir.admin('{ source(name: "refused") { name } }')).data.source).toBeNull();
});

test('strict: true takes what is merely renamed, untyped, or text', async () => {
  const fine = openapi({
    '/a-b': getting('a-b', { type: 'object', properties: { 'x-y': text, any: {} } }),
    '/xml': {
      get: {
        operationId: 'xml',
        responses: { 200: { description: 'ok', content: { 'application/xml': { schema: { type: 'object' } } } } },
      },
    },
  });
  await rest.publish('fine', fine, { strict: true });
  expect(await rest.warnings('fine')).toEqual(['RENAMED', 'TEXT_ANSWER', 'UNTYPED']);
});

test('places in Swagger 2.0 are those of Swagger 2.0', async () => {
  const swagger = {
    swagger: '2.0',
    info: { title: 'a', version: '1' },
    paths: {
      '/a': {
        get: { operationId: 'a', responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/A' } } } },
      },
    },
    definitions: {
      A: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
    },
  };
  expect((await rest.problems(swagger, { strict: true })).map(({ path }) => path)).toEqual([
    '/definitions/A/additionalProperties',
  ]);
});

test('a reference into nothing refuses the document, unless its operation is left out', async () => {
  const broken = openapi({
    '/good': getting('good', text),
    '/bad': getting('bad', { $ref: '#/components/schemas/Gone' }),
  });
  expect(await rest.problems(broken)).toEqual([
    {
      path: '/paths/~1bad/get/responses/200/content/application~1json/schema/$ref',
      message: expect.stringContaining('"#/components/schemas/Gone" leads nowhere'),
    },
  ]);
  await rest.publish('partly', broken, { exclude: ['bad'], strict: true });
  rest.upstream.next({ kind: 'answer', headers: { 'content-type': 'application/json' }, body: '"text"' });
  expect((await rest.sent('{ partly { good } }')).path).toBe('/good');
  await rest.publish('chosen', broken, { include: ['go*'] });
});
