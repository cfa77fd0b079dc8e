import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestGateway, TEST_ADMIN_KEY, type TestGateway } from '../support/test-gateway.ts';

const MB = 1024 * 1024;
const REGISTER = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';

const path = (operation: object) => ({ '/pets': { get: operation } });
const api = (paths: object, more: object = {}) =>
  JSON.stringify({ openapi: '3.0.3', info: { title: 'pets', version: '1' }, paths, ...more });
const GOOD = api(path({ operationId: 'pets', responses: { 200: { description: 'ok' } } }));

let weir: TestGateway;
let files: Server;
let host: string;
let sent = 0;
let before: unknown;

beforeAll(async () => {
  weir = await startTestGateway();
  files = createServer((request, response) => {
    if (request.url === '/huge.json') {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = Buffer.alloc(MB, 'x');
      response.write('{"openapi":"3.0.3","info":{"title":"');
      const more = (): void => {
        while (sent < 60 && !response.destroyed) {
          sent++;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end('","version":"1"},"paths":{}}');
      };
      more();
    } else if (request.url === '/page.html')
      response.setHeader('content-type', 'text/html').end('<h1>no document</h1>');
    else if (request.url === '/gone.json') response.writeHead(404).end('not here: inner secrets of the host');
    else if (request.url === '/moved.json')
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    else response.end(GOOD);
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  await weir.publish({ name: 'taken', rest: { document: GOOD, endpoints: [{ url: host }] } });
});
beforeEach(async () => {
  before = await snapshot();
});

afterAll(async () => {
  await weir.close();
  files.closeAllConnections();
  files.close();
});

async function snapshot(): Promise<unknown> {
  const { data, errors } = await weir.admin(`{
    sources { totalCount nodes { name state latestRevision updatedAt live { number } } }
    graph { version composedAt sdl }
    auditLog(first: 1) { totalCount nodes { id } }
  }`);
  expect(errors).toEqual([]);
  return data;
}

interface Refusal {
  readonly code: unknown;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** Registers, expecting to be refused: says with what, after looking that nothing has changed. */
async function refusal(input: Record<string, unknown>): Promise<Refusal> {
  const { status, data, errors } = await weir.admin(REGISTER, { input });
  expect(status).toBe(200);
  expect(data).toBeNull();
  expect(errors).toHaveLength(1);
  expect(await snapshot()).toEqual(before);
  const { code, problems } = (errors[0]?.extensions ?? {}) as unknown as Refusal;
  return { code, problems };
}

const withDocument = (document: string) => ({ name: 'pets', rest: { document, endpoints: [{ url: host }] } });
const places = ({ problems }: Refusal) => problems.map((problem) => problem.path);

describe('a document', () => {
  test.each([
    ['that is empty', ''],
    ['that is neither JSON nor YAML', '{ "openapi": '],
    ['that is YAML of no use', 'openapi: 3.0.0\n  paths: [\n'],
    ['that is a scalar', '42'],
    ['that is a list', '[]'],
    ['that is not OpenAPI', '{ "swagger": "1.2", "apis": [] }'],
    ['of a version to come', '{ "openapi": "9.0.0", "info": { "title": "x", "version": "1" }, "paths": {} }'],
    ['of AsyncAPI', '{ "asyncapi": "3.0.0", "info": { "title": "x", "version": "1" }, "channels": {} }'],
    ['without an operation', api({})],
    ['with nothing but paths', api({ '/a': { summary: 'nothing to call' } })],
  ])('%s is refused, with its place', async (_what, document) => {
    const refused = await refusal(withDocument(document));
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(refused.problems.length).toBeGreaterThan(0);
    for (const problem of refused.problems) {
      expect(problem.path).toMatch(/^$|^\/|^input\.rest\.document/);
      expect(problem.message).toMatch(/expected/i);
    }
  });

  test('with references into nothing is refused, naming each place', async () => {
    const broken = {
      parameters: [{ $ref: '#/components/parameters/Nope' }],
      responses: { 200: { description: 'ok', content: { 'application/json': { schema: { $ref: '#/nowhere' } } } } },
    };
    const refused = await refusal(withDocument(api(path(broken))));
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(places(refused)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('/paths/~1pets/get/parameters/0'),
        expect.stringContaining('/paths/~1pets/get/responses/200/content/application~1json/schema'),
      ]),
    );
    for (const { message } of refused.problems) expect(message).toMatch(/Nope|nowhere/);
  });

  test('whose YAML aliases explode is refused at once', async () => {
    const names = 'abcdefghijklmnop';
    const lines = [...names].map((name, i) => {
      const inner = i === 0 ? '"lol"' : `*${names[i - 1]}`;
      return `  ${name}: &${name} [${Array(10).fill(inner).join(', ')}]`;
    });
    const refused = await refusal(
      withDocument(`openapi: 3.0.3\ninfo: { title: x, version: "1" }\npaths: {}\nx-bomb:\n${lines.join('\n')}\n`),
    );
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(refused.problems[0]?.message).toMatch(/alias/i);
  });

  test('nested a hundred thousand levels deep is refused', async () => {
    for (const document of [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, '- '.repeat(100_000)]) {
      expect((await refusal(withDocument(document))).code).toBe('INVALID_DEFINITION');
    }
  });

  test('that defines __proto__ pollutes nothing', async () => {
    const document = GOOD.replace('"paths"', '"__proto__": { "polluted": true }, "paths"');
    await weir.admin(REGISTER, { input: { ...withDocument(document), name: '1' } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(await snapshot()).toEqual(before);
  });
});

describe('a URL', () => {
  const by = (url: string) => ({ name: 'pets', rest: { url, endpoints: [{ url: host }] } });

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.169.254.:80/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://metadata.google.internal/',
    'file:///etc/passwd',
    'ftp://127.0.0.1/openapi.json',
    'data:application/json,{}',
    'javascript:1',
    'http://user:secret-word@127.0.0.1/openapi.json',
    '//127.0.0.1/openapi.json',
    'openapi.json',
    'http://',
    '',
  ])('%j is refused, of a document and of an endpoint', async (url) => {
    const document = await refusal(by(url));
    expect(document.code).toBe('INVALID_DEFINITION');
    expect(places(document)).toEqual(['input.rest.url']);
    const endpoint = await refusal({ name: 'pets', rest: { document: GOOD, endpoints: [{ url: host }, { url }] } });
    expect(endpoint.code).toBe('INVALID_DEFINITION');
    expect(places(endpoint)).toEqual(['input.rest.endpoints.1.url']);
    expect(JSON.stringify([document, endpoint])).not.toContain('secret-word');
  });

  test.each([
    ['that leads to the metadata address', '/moved.json'],
    ['of no document', '/page.html'],
    ['of nothing', '/gone.json'],
  ])('%s is refused', async (_what, place) => {
    const refused = await refusal(by(`${host}${place}`));
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(JSON.stringify(refused)).not.toContain('inner secrets');
  });

  test('where nobody listens is refused', async () => {
    const refused = await refusal(by('http://127.0.0.1:9/openapi.json'));
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(places(refused)).toEqual(['input.rest.url']);
  });

  test('of 60 MB is refused, long before all of it has come', async () => {
    const refused = await refusal(by(`${host}/huge.json`));
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(places(refused)).toEqual(['input.rest.url']);
    expect(refused.problems[0]?.message).toMatch(/bytes|MB/);
    expect(sent).toBeLessThan(60);
  });
});

describe('the input', () => {
  test('has exactly one of document and url', async () => {
    for (const rest of [{}, { document: GOOD, url: `${host}/good.json` }]) {
      const refused = await refusal({ name: 'pets', rest });
      expect(refused.code).toBe('INVALID_DEFINITION');
      expect(refused.problems).toHaveLength(1);
      expect(refused.problems[0]).toEqual({ path: 'input.rest', message: expect.stringMatching(/exactly one/i) });
    }
  });

  test('without endpoints takes those of the document, of which some are needed', async () => {
    const refused = await refusal({ name: 'pets', rest: { document: GOOD } });
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(refused.problems.length).toBeGreaterThan(0);
  });

  test('is told of every problem at once, in every part of it', async () => {
    const refused = await refusal({
      name: 'pets and more',
      tags: [''],
      rest: {
        document: GOOD,
        endpoints: [{ url: 'file:///etc/passwd' }, { url: host, priority: -1 }, { url: host, weight: 0 }],
        headers: [
          { name: 'bad name', value: 'a' },
          { name: 'x-ok', value: 'line\nbreak' },
        ],
        auth: { oauth2: { tokenUrl: 'file:///etc/passwd', clientId: 'a', clientSecret: 'b' } },
        include: ['nothingLikeThis'],
      },
      policy: { retries: 99, deadlineMs: 0, fallback: {} },
    });
    expect(refused.code).toBe('INVALID_DEFINITION');
    expect(places(refused)).toEqual(
      expect.arrayContaining([
        'input.rest.include.0',
        'input.name',
        'input.tags.0',
        'input.policy.retries',
        'input.policy.deadlineMs',
        'input.policy.fallback',
        'input.rest.endpoints.0.url',
        'input.rest.endpoints.1.priority',
        'input.rest.endpoints.2.weight',
        'input.rest.headers.0.name',
        'input.rest.headers.1.value',
        'input.rest.auth.oauth2.tokenUrl',
      ]),
    );
  });

  test.each([
    ['1pets', 'INVALID_DEFINITION'],
    ['__pets', 'INVALID_DEFINITION'],
    ['me', 'INVALID_DEFINITION'],
    ['registerSource', 'INVALID_DEFINITION'],
    ['constructor', 'TAKEN'],
    ['__proto__', 'INVALID_DEFINITION'],
    ['taken', 'CONFLICT'],
  ])('with the name %j is answered as it should be', async (name, code) => {
    if (code === 'TAKEN') {
      // A name like any other for GraphQL, however special it is to JavaScript.
      await weir.publish({ ...withDocument(GOOD), name, visibility: 'PUBLIC' });
      expect((await weir.query(`{ ${name} { __typename } }`)).errors).toEqual([]);
      return;
    }
    const refused = await refusal({ ...withDocument(GOOD), name });
    expect(refused.code).toBe(code);
    expect(places(refused)).toEqual(['input.name']);
  });

  test('of the wrong shape never reaches the registry', async () => {
    for (const input of [{ name: 'a' }, { name: 'a', rest: [] }, { name: 'a', rest: { document: 7 } }, { rest: {} }]) {
      const { errors } = await weir.admin(REGISTER, { input });
      expect(['BAD_USER_INPUT', 'INVALID_DEFINITION']).toContain(errors[0]?.extensions.code);
      expect(await snapshot()).toEqual(before);
    }
  });
});

describe('a request', () => {
  test('larger than its caller may send is refused unread', async () => {
    for (const [bytes, key] of [
      [300 * 1024, undefined],
      [11 * MB, TEST_ADMIN_KEY],
    ] as const) {
      const response = await fetch(`${weir.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'weir-key': key }) },
        body: JSON.stringify({ query: '{ me { kind } }', padding: 'x'.repeat(bytes) }),
      });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
    }
    expect(await snapshot()).toEqual(before);
  });

  test.each([
    ['PATCH', '/graphql', 405, 'BAD_REQUEST'],
    ['DELETE', '/graphql?query={me{kind}}', 400, 'BAD_REQUEST'],
    ['DELETE', '/graphql?operationId=1&token=guessed', 404, 'NOT_FOUND'],
    ['GET', '/nothing/here', 404, 'NOT_FOUND'],
    ['GET', '/%zz', 400, 'BAD_REQUEST'],
    ['GET', '/sandbox/..%2f..%2fpackage.json', 404, 'NOT_FOUND'],
  ])('%s %s is answered with %i, in the shape of a GraphQL error', async (method, place, status, code) => {
    const response = await fetch(`${weir.url}${place}`, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, POST, PUT, DELETE, OPTIONS' : null);
    expect(await response.json()).toEqual({ errors: [{ message: expect.any(String), extensions: { code } }] });
  });
});
