import { afterEach, describe, expect, test } from '@jest/globals';
import { Secret } from '../../../../src/sources/index.ts';
import type { RestDefinition, RestInput } from '../../../../src/sources/rest/definition.ts';
import { readRestDefinition } from '../../../../src/sources/rest/document/index.ts';
import { problemsOf, readServices, serveTexts } from './support.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function services(options: Parameters<typeof readServices>[0] = {}): ReturnType<typeof readServices> {
  const made = readServices(options);
  closing.push(() => made.http.close());
  return made;
}

async function serve(texts: Record<string, string>): Promise<Awaited<ReturnType<typeof serveTexts>>> {
  const made = await serveTexts(texts);
  closing.push(() => made.close());
  return made;
}

function read(input: RestInput, name = 'shop'): Promise<RestDefinition> {
  return readRestDefinition(input, name, services());
}

const endpoints = [{ url: 'http://127.0.0.1:9/v1/' }];
const pets = { '/pets': { get: { operationId: 'listPets', responses: { 200: { description: 'ok' } } } } };

function document(more: Record<string, unknown> = {}): string {
  return JSON.stringify({ openapi: '3.0.3', info: { title: 'x', version: '1' }, paths: pets, ...more });
}

describe('a definition', () => {
  test('is complete: defaults filled in, the document of 3.1, secrets kept secret', async () => {
    const token = new Secret('t');
    const definition = await read({ document: document(), endpoints, auth: { bearer: { token } } });
    expect(definition).toMatchObject({
      originalVersion: '3.0.3',
      url: undefined,
      endpoints: [{ url: 'http://127.0.0.1:9/v1', priority: 0, weight: 1 }],
      namespace: 'shop',
      forwardHeaders: [],
      include: [],
      maps: 'LIST',
      readWarnings: [],
    });
    expect(definition.document.openapi).toBe('3.1.1');
    expect(definition.auth).toEqual({ bearer: { token } });
  });

  test('YAML and JSON of the same document give the same', async () => {
    const yaml =
      'swagger: 2.0\nhost: api.test\nbasePath: /v1\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        200: {description: ok}\n';
    const swagger = JSON.stringify({ swagger: '2.0', host: 'api.test', basePath: '/v1', paths: pets });
    const [a, b] = [await read({ document: yaml, endpoints }), await read({ document: swagger, endpoints })];
    expect(a).toEqual(b);
    expect(a.originalVersion).toBe('2.0');
  });

  test('is fetched, and its relative server starts from where it came', async () => {
    const { url } = await serve({ '/docs/api.json': document({ servers: [{ url: '../v2' }] }) });
    const definition = await read({ url: `${url}/docs/api.json` });
    expect(definition.endpoints).toEqual([{ url: `${url}/v2`, priority: 0, weight: 1 }]);
    expect(definition.url).toBe(`${url}/docs/api.json`);
  });

  test('of several servers only the first is used, with a warning', async () => {
    const servers = [
      { url: 'https://{region}.api.test/', variables: { region: { default: 'eu' } } },
      { url: 'https://sandbox.test' },
    ];
    const definition = await read({ document: document({ servers }) });
    expect(definition.endpoints).toEqual([{ url: 'https://eu.api.test', priority: 0, weight: 1 }]);
    expect(definition.readWarnings.map(({ kind }) => kind)).toEqual(['SERVERS_IGNORED']);
  });

  test('may be made while its upstream is down', async () => {
    await expect(read({ document: document(), endpoints: [{ url: 'http://127.0.0.1:1' }] })).resolves.toBeDefined();
  });
});

describe('references to other documents', () => {
  test('are fetched once each and brought inside, theirs as well', async () => {
    const { url, asked } = await serve({
      '/api.yaml':
        'openapi: 3.0.0\npaths:\n  /pets:\n    $ref: paths/pets.yaml\n  /more:\n    get:\n      responses: {200: {description: ok, content: {application/json: {schema: {$ref: "schemas.json#/Pet"}}}}}\n',
      '/paths/pets.yaml':
        'get:\n  operationId: listPets\n  responses: {200: {description: ok, content: {application/json: {schema: {$ref: "../schemas.json#/Pet"}}}}}\n',
      '/schemas.json': JSON.stringify({
        Pet: { type: 'object', properties: { owner: { $ref: '#/Owner' }, next: { $ref: 'schemas.json#/Pet' } } },
        Owner: { type: 'object' },
      }),
    });
    const definition = await read({ url: `${url}/api.yaml`, endpoints });
    expect(asked.get('/schemas.json')).toBe(1);
    const text = JSON.stringify(definition.document);
    expect(text.match(/"\$ref":"[^"]*"/g)?.sort()).toEqual([
      '"$ref":"#/x-documents/pets"',
      '"$ref":"#/x-documents/schemas/Owner"',
      '"$ref":"#/x-documents/schemas/Pet"',
      '"$ref":"#/x-documents/schemas/Pet"',
      '"$ref":"#/x-documents/schemas/Pet"',
    ]);
  });

  test('that cannot be had are problems, each with its place', async () => {
    const { url } = await serve({ '/broken.json': '{' });
    const schema = (reference: string) => ({
      get: {
        responses: { 200: { description: '', content: { 'application/json': { schema: { $ref: reference } } } } },
      },
    });
    const paths = {
      '/a': schema(`${url}/none.json#/A`),
      '/b': schema(`${url}/broken.json`),
      '/c': schema('./relative.json'),
      '/d': schema('#/components/schemas/None'),
      '/e': schema('file:///etc/passwd'),
    };
    const problems = await problemsOf(read({ document: document({ paths }), endpoints }));
    const at = (path: string) => `/paths/~1${path}/get/responses/200/content/application~1json/schema/$ref`;
    expect(problems.map(({ path }) => path).sort()).toEqual(
      expect.arrayContaining([at('a'), at('b'), at('c'), at('d'), at('e')]),
    );
    expect(problems.find(({ path }) => path === at('a'))?.message).toContain('HTTP status 404');
    expect(problems.find(({ path }) => path === at('d'))?.message).toBe(
      'Expected a reference that leads to a part of the document; "#/components/schemas/None" leads nowhere.',
    );
  });

  test('in parts that no operation reaches may be broken', async () => {
    const components = { schemas: { Unused: { $ref: '#/components/schemas/None' } } };
    await expect(read({ document: document({ components }), endpoints })).resolves.toBeDefined();
  });

  test('by the bare name of a definition are understood', async () => {
    const paths = { '/a': { get: { responses: { 200: { description: '', schema: { $ref: 'Pet' } } } } } };
    const text = JSON.stringify({ swagger: '2.0', paths, definitions: { Pet: { type: 'object' } } });
    const definition = await read({ document: text, endpoints });
    expect(definition.readWarnings.map(({ kind }) => kind)).toEqual(['REFERENCE_REPAIRED']);
  });
});

describe('what is refused', () => {
  test.each([
    ['neither JSON nor YAML', 'a: [', ''],
    ['not OpenAPI', '{"hello": "world"}', '/openapi'],
    ['another version', '{"openapi": "4.0.0"}', '/openapi'],
    ['an old version', '{"swagger": "1.2"}', '/swagger'],
    ['no paths', '{"openapi": "3.0.0"}', '/paths'],
    ['paths that are none', '{"openapi": "3.0.0", "paths": []}', '/paths'],
    ['no operation', '{"openapi": "3.0.0", "paths": {"/x": {"summary": "x"}}}', '/paths'],
    ['webhooks only', '{"openapi": "3.1.0", "paths": {}, "webhooks": {}}', '/paths'],
    ['no operation that can be used', '{"openapi": "3.0.0", "paths": {"/x": {"get": 5}}}', '/paths'],
  ])('%s', async (_title, text, path) => {
    const problems = await problemsOf(read({ document: text, endpoints }));
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.message).toMatch(/^Expected .*; (got|line|as JSON)/);
  });

  test('places are those of the document as it was given, in Swagger 2.0 too', async () => {
    const swagger = {
      swagger: '2.0',
      paths: { '/a': { get: { responses: { 200: { description: '', schema: { $ref: '#/definitions/A' } } } } } },
      definitions: { A: { properties: { b: { $ref: '#/definitions/None' } } } },
    };
    expect(await problemsOf(read({ document: JSON.stringify(swagger), endpoints }))).toEqual([
      { path: '/definitions/A/properties/b/$ref', message: expect.stringContaining('leads nowhere') },
    ]);
    swagger.definitions.A.properties.b.$ref = '#/definitions/A';
    expect((await problemsOf(read({ document: JSON.stringify(swagger) })))[0]?.path).toBe('/host');
  });

  test('no server and no endpoints', async () => {
    const problems = await problemsOf(read({ document: document({ servers: [{ url: '/v1' }] }) }));
    expect(problems).toEqual([{ path: '/servers', message: expect.stringContaining('got "/v1"') }]);
  });

  test('neither or both of document and url', async () => {
    expect(await problemsOf(read({}))).toEqual([
      { path: 'input.rest', message: 'Expected exactly one of document and url; got neither.' },
    ]);
    expect((await problemsOf(read({ document: '{}', url: 'http://x.test' })))[0]?.message).toContain('got both');
  });

  test('every problem of the input at once', async () => {
    const problems = await problemsOf(
      read(
        {
          url: 'ftp://x.test/a',
          namespace: '1x',
          endpoints: [
            { url: 'nonsense', priority: -1, weight: 0 },
            { url: 'https://u:p@x.test' },
            { url: 'https://x.test/?a=b' },
          ],
          headers: [
            { name: 'a b', value: 'x' },
            { name: 'Host', value: 'x' },
          ],
          forwardHeaders: ['ü', 'weir-key'],
          include: [' '],
          operations: [{ operation: 'a', field: 'a-b', type: '__A' }, { operation: 'a' }],
        },
        'my shop',
      ),
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'input.rest.url',
      'input.rest.endpoints.0.url',
      'input.rest.endpoints.0.priority',
      'input.rest.endpoints.0.weight',
      'input.rest.endpoints.1.url',
      'input.rest.endpoints.2.url',
      'input.name',
      'input.rest.namespace',
      'input.rest.operations.0.field',
      'input.rest.operations.0.type',
      'input.rest.operations.1.operation',
      'input.rest.headers.0.name',
      'input.rest.forwardHeaders.0',
      'input.rest.headers.1.name',
      'input.rest.forwardHeaders.1',
      'input.rest.include.0',
    ]);
  });

  test('60 MB of document, given or fetched', async () => {
    const text = `{"openapi": "3.0.0", "x": "${'x'.repeat(60 * 1024 * 1024)}"}`;
    expect(await problemsOf(read({ document: text }))).toEqual([
      { path: 'input.rest.document', message: 'Expected a document of at most 50 MB; got 60.0 MB.' },
    ]);
    const { url } = await serve({ '/huge.json': text });
    const [problem] = await problemsOf(read({ url: `${url}/huge.json` }));
    expect(problem).toEqual({
      path: 'input.rest.url',
      message: expect.stringContaining('at most 50 MB; got more'),
    });
  });

  test('a document that is not there, or may not be reached', async () => {
    const { url } = await serve({});
    expect((await problemsOf(read({ url: `${url}/api.json` })))[0]?.message).toContain('HTTP status 404');
    const guarded = services({ loopback: false });
    const [problem] = await problemsOf(readRestDefinition({ url: `${url}/api.json` }, 'shop', guarded));
    expect(problem?.path).toBe('input.rest.url');
  });

  test('an endpoint that the egress rules forbid', async () => {
    const guarded = services({ loopback: false });
    expect(await problemsOf(readRestDefinition({ document: document(), endpoints }, 'shop', guarded))).toEqual([
      { path: 'input.rest.endpoints.0.url', message: expect.stringContaining('that the egress rules allow') },
    ]);
    expect(
      (await problemsOf(read({ document: document({ servers: [{ url: 'http://169.254.169.254' }] }) })))[0]?.path,
    ).toBe('/servers/0/url');
  });

  test('operations that are not there, and a selection that leaves nothing', async () => {
    const problems = await problemsOf(
      read({
        document: document(),
        endpoints,
        include: ['listPets', 'getCat*'],
        exclude: ['x'],
        operations: [{ operation: 'listDogs' }],
      }),
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'input.rest.include.1',
      'input.rest.exclude.0',
      'input.rest.operations.0.operation',
    ]);
    expect(problems[2]?.message).toBe('Expected the id of an operation; there is no "listDogs". There is "listPets".');
    expect((await problemsOf(read({ document: document(), endpoints, exclude: ['*'] })))[0]?.message).toContain(
      'they leave none',
    );
  });

  test('two operations that are to be the same field', async () => {
    const paths = {
      '/a': { get: { operationId: 'a' } },
      '/b': { get: { operationId: 'b' }, post: { operationId: 'c' } },
    };
    const operations = ['a', 'b', 'c'].map((operation) => ({ operation, field: 'it' }));
    const problems = await problemsOf(read({ document: document({ paths }), endpoints, operations }));
    expect(problems.map(({ path }) => path)).toEqual(['input.rest.operations.1.field']);
  });

  test('damage, where strict is asked for; without it, it is a warning', async () => {
    const paths = { ...pets, '/x/{id}': { get: { operationId: 'x', responses: {} } }, '/y': { get: 5 } };
    const input = { document: document({ paths }), endpoints };
    await expect(read(input)).resolves.toBeDefined();
    const problems = await problemsOf(read({ ...input, strict: true }));
    expect(problems.map(({ path }) => path)).toEqual(['/paths/~1y/get', '/paths/~1x~1{id}/get']);
  });
});
