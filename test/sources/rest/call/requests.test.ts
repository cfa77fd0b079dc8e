import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { UpstreamFailure } from '../../../../src/errors/index.ts';
import { Secret } from '../../../../src/sources/index.ts';
import type { ParameterPlan } from '../../../../src/sources/rest/plan.ts';
import {
  answer,
  body,
  boolean,
  byte,
  integer,
  json,
  list,
  object,
  operation,
  parameter,
  string,
} from './support/plans.ts';
import { type RestSource, type RestSourceOptions, startRestSource } from './support/rest-source.ts';

let source: RestSource | undefined;

async function start(options: RestSourceOptions): Promise<RestSource> {
  source = await startRestSource(options);
  return source;
}

afterEach(async () => {
  await source?.close();
  source = undefined;
});

async function failureOf(running: RestSource, name: string, args: Record<string, unknown>): Promise<UpstreamFailure> {
  const outcome = await running.call(name, args);
  if (outcome.kind !== 'FAILED') throw new Error(`Expected FAILED, got ${outcome.kind}.`);
  return outcome.failure;
}

const array = ['blue', 'black', 'brown'];
const rgb = { R: 100, G: 200, B: 150 };
const color = (place: ParameterPlan['in'], style: ParameterPlan['style'], explode: boolean): ParameterPlan =>
  parameter('color', place, { style, explode, shape: json });

describe('on the wire', () => {
  test.each([
    [color('path', 'matrix', false), array, '/v1/m;color=blue,black,brown/end'],
    [color('path', 'matrix', true), rgb, '/v1/m;R=100;G=200;B=150/end'],
    [color('path', 'label', true), array, '/v1/m.blue.black.brown/end'],
    [color('path', 'simple', false), rgb, '/v1/mR,100,G,200,B,150/end'],
    [color('query', 'form', true), array, '/v1/m%7Bcolor%7D/end?color=blue&color=black&color=brown'],
    [color('query', 'form', false), rgb, '/v1/m%7Bcolor%7D/end?color=R,100,G,200,B,150'],
    [color('query', 'spaceDelimited', false), array, '/v1/m%7Bcolor%7D/end?color=blue%20black%20brown'],
    [color('query', 'pipeDelimited', false), array, '/v1/m%7Bcolor%7D/end?color=blue%7Cblack%7Cbrown'],
    [
      color('query', 'deepObject', true),
      rgb,
      '/v1/m%7Bcolor%7D/end?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
    ],
  ])('%j', async (plan, value, path) => {
    const running = await start({
      operations: [operation('op', { path: '/m{color}/end', parameters: [plan] })],
      base: '/v1/',
    });
    expect((await running.sent('op', { color: value })).path).toBe(path);
  });

  test('headers and cookies', async () => {
    const parameters = [
      parameter('X-Colors', 'header', { argument: 'colors', shape: list(string) }),
      parameter('X-Flag', 'header', { argument: 'flag', shape: boolean }),
      parameter('session id', 'cookie', { argument: 'session' }),
      parameter('n', 'cookie', { shape: list(integer), explode: false }),
    ];
    const running = await start({ operations: [operation('op', { parameters })] });
    const { headers } = await running.sent('op', { colors: array, flag: false, session: 'a;b', n: [1, 2] });
    expect(headers).toMatchObject({
      'x-colors': 'blue,black,brown',
      'x-flag': 'false',
      cookie: 'session%20id=a%3Bb; n=1,2',
      accept: 'application/json, */*;q=0.5',
      'user-agent': expect.stringMatching(/^weir\/\d+\.\d+\.\d+/),
    });
  });

  test('bodies', async () => {
    const form = object('Form', [['a', string]]);
    const running = await start({
      operations: [
        operation('put', { method: 'put', body: body(json, { mediaType: 'application/json-patch+json' }) }),
        operation('post', { method: 'post', body: body(form, { encoding: 'form' }) }),
        operation('upload', { method: 'post', body: body(byte, { encoding: 'binary', mediaType: '*/*' }) }),
        operation('patch', { method: 'patch', body: body(json, { required: false }) }),
      ],
    });
    const put = await running.sent('put', { input: [{ op: 'remove' }] });
    expect([put.method, put.headers['content-type'], put.body.toString()]).toEqual([
      'PUT',
      'application/json-patch+json',
      '[{"op":"remove"}]',
    ]);
    expect((await running.sent('post', { input: { a: 'ä b' } })).body.toString()).toBe('a=%C3%A4%20b');
    const upload = await running.sent('upload', { input: '//8=' });
    expect([upload.headers['content-type'], [...upload.body]]).toEqual(['application/octet-stream', [255, 255]]);
    const none = await running.sent('patch');
    expect([none.headers['content-type'], none.body.length]).toEqual([undefined, 0]);
    expect((await failureOf(running, 'put', {})).detail).toBe('the argument "input" is required.');
  });

  test('whatever the argument, the upstream receives it in its place and nowhere else', async () => {
    const parameters = [
      parameter('id', 'path'),
      parameter('q', 'query'),
      parameter('tag', 'query', { shape: list(string) }),
    ];
    const running = await start({
      operations: [operation('op', { path: '/a/{id}/z', parameters, answer: answer('none') })],
      base: '/b',
    });
    const piece = fc.constantFrom(
      '../',
      '..',
      '.',
      '/',
      '\\',
      '?',
      '#',
      '&',
      '=',
      '+',
      '%2e',
      '%2F',
      '%',
      ' ',
      ';',
      '\r\n',
      '\0',
      'a',
      'ü',
      '😀',
    );
    const nasty = fc.oneof(
      fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (one, two) => {
        const outcome = await running.call('op', { id: one, q: two, tag: [two, one] });
        if (outcome.kind === 'FAILED') {
          expect(outcome.failure.reason).toBe('http_request_error');
          expect(['', '.', '..']).toContain(one);
          return;
        }
        const url = new URL(running.server.requests.at(-1)?.path ?? '', 'http://h.test');
        const [empty, base, a, id, z, ...rest] = url.pathname.split('/');
        expect([empty, base, a, decodeURIComponent(id ?? ''), z, rest]).toEqual(['', 'b', 'a', one, 'z', []]);
        expect([...url.searchParams]).toEqual([
          ['q', two],
          ['tag', two],
          ['tag', one],
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what cannot be sent', () => {
  test.each(['a\r\nx-admin: 1', 'a\nb', 'a\0b', 'ü', '\x7f'])(
    'the header value %j is refused, and nothing leaves',
    async (value) => {
      const running = await start({
        operations: [operation('op', { parameters: [parameter('x-name', 'header', { argument: 'name' })] })],
      });
      const failure = await failureOf(running, 'op', { name: value });
      const error = failure.toClientError('shop', 0);
      expect(error.code).toBe('UPSTREAM_REJECTED');
      expect(error.message).toContain('shop was not called: the argument "name" is sent in a header');
      expect(error.message).not.toContain(value);
      expect(error.message).toMatch(/it has U\+[0-9A-F]{4}\.$/);
      expect(running.server.requests).toHaveLength(0);
    },
  );

  test('header parameters of the connection are never sent', async () => {
    const names = ['Host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Authorization', 'Accept'];
    const parameters = names.map((name, index) => parameter(name, 'header', { argument: `a${index}` }));
    const running = await start({ operations: [operation('op', { parameters })] });
    const args = Object.fromEntries(names.map((_, index) => [`a${index}`, 'evil']));
    const { headers } = await running.sent('op', args);
    expect(Object.values(headers)).not.toContain('evil');
  });

  test('an unknown operation fails as a call, not as a rejection', async () => {
    const running = await start({ operations: [] });
    expect((await failureOf(running, 'nope', {})).reason).toBe('proxy_internal_error');
  });
});

describe('headers of the owner and of the client', () => {
  const op = operation('op', { parameters: [parameter('x-tenant', 'header', { argument: 'tenant' })] });

  test("the owner's win over arguments, forwarded ones over the owner's", async () => {
    const headers = [
      { name: 'X-Tenant', value: new Secret('owner') },
      { name: 'X-Plain', value: 'p' },
    ];
    const running = await start({ operations: [op], definition: { headers, forwardHeaders: ['X-Plain'] } });
    expect((await running.sent('op', { tenant: 'argument' })).headers).toMatchObject({
      'x-tenant': 'owner',
      'x-plain': 'p',
    });
    const forwarded = await running.sent('op', { tenant: 'b' }, { headers: { 'x-plain': 'client', 'x-other': 'no' } });
    expect(forwarded.headers['x-plain']).toBe('client');
    expect(forwarded.headers['x-other']).toBeUndefined();
  });

  test('headers of the connection and of the request to Weir are not forwarded, even when told', async () => {
    const names = [
      'host',
      'connection',
      'content-length',
      'transfer-encoding',
      'accept',
      'if-none-match',
      'range',
      'te',
      'x-ok',
    ];
    const running = await start({ operations: [op], definition: { forwardHeaders: names } });
    const headers = Object.fromEntries(names.map((name) => [name, 'from-client']));
    const sent = await running.sent('op', {}, { headers });
    expect(Object.entries(sent.headers).filter(([, value]) => value === 'from-client')).toEqual([
      ['x-ok', 'from-client'],
    ]);
  });

  test('a header that Connection names is not forwarded', async () => {
    const running = await start({ operations: [op], definition: { forwardHeaders: ['x-ok', 'x-hop'] } });
    const headers = { connection: 'close, X-Hop', 'x-hop': '1', 'x-ok': '1' };
    const sent = await running.sent('op', {}, { headers });
    expect([sent.headers['x-hop'], sent.headers['x-ok']]).toEqual([undefined, '1']);
  });

  test("an owner's value that cannot be sent is refused without a word of it", async () => {
    const headers = [{ name: 'X-Key', value: new Secret('hush\n') }];
    const running = await start({ operations: [op], definition: { headers } });
    const { message } = (await failureOf(running, 'op', {})).toClientError('shop', 0);
    expect(message).toBe(
      'shop was not called: the source\'s header "X-Key" is sent in a header, which can hold visible ASCII characters, spaces and tabs only.',
    );
  });

  test('a forwarded value that could break the header is refused', async () => {
    const running = await start({ operations: [op], definition: { forwardHeaders: ['x-ok'] } });
    const outcome = await running.call('op', {}, { headers: { 'x-ok': 'a\r\nb: c' } });
    expect(outcome).toMatchObject({ kind: 'FAILED', failure: { code: 'UPSTREAM_REJECTED' } });
    expect(running.server.requests).toHaveLength(0);
  });
});

describe('what the policy adds', () => {
  test('the milliseconds left, and one idempotency key for all attempts of a mutation', async () => {
    const running = await start({
      operations: [operation('make', { method: 'post', body: body(json) }), operation('get')],
      policy: {
        deadlineHeader: 'X-Deadline-Ms',
        idempotencyHeader: 'Idempotency-Key',
        retries: 1,
        attemptTimeoutMs: 2_000,
      },
      behaviour: { kind: 'answer', body: {} },
    });
    running.server.next({ kind: 'answer', status: 503 });
    expect(await running.value('make', { input: 1 })).toEqual({});
    const [first, second] = running.server.requests.map((request) => request.headers);
    expect(first?.['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.['idempotency-key']).toBe(first?.['idempotency-key']);
    expect(Number(first?.['x-deadline-ms'])).toBeGreaterThan(0);
    expect(Number(first?.['x-deadline-ms'])).toBeLessThanOrEqual(2_000);
    const other = await running.sent('make', { input: 1 });
    expect(other.headers['idempotency-key']).not.toBe(first?.['idempotency-key']);
    expect((await running.sent('get')).headers['idempotency-key']).toBeUndefined();
  });

  test('without a key a mutation is sent once', async () => {
    const running = await start({
      operations: [operation('make', { method: 'put', body: body(json) })],
      policy: { retries: 2 },
      behaviour: { kind: 'answer', status: 503 },
    });
    expect(await running.call('make', { input: 1 })).toMatchObject({ kind: 'FAILED', failure: { status: 503 } });
    expect(running.server.requests).toHaveLength(1);
  });
});

describe("an operation's own server", () => {
  test('stands in for the path of the endpoint', async () => {
    const running = await start({
      operations: [operation('op', { servers: ['https://elsewhere.test/v9'] })],
      base: '/v1',
    });
    expect((await running.sent('op')).path).toBe('/v9/op');
  });

  test("leads elsewhere only from the document's own servers", async () => {
    const files = await startRestSource({ operations: [] });
    try {
      const op = operation('op', { servers: [`${files.server.url}/files`] });
      const foreign = await start({ operations: [op] });
      expect((await foreign.sent('op')).path).toBe('/files/op');
      await foreign.close();
      const described = await start({
        operations: [op],
        definition: (url) => ({ document: { servers: [{ url: `${url}/v1` }] } }),
      });
      await described.value('op');
      expect(described.server.requests).toHaveLength(0);
      expect(files.server.requests.map(({ path }) => path)).toEqual(['/files/op']);
    } finally {
      await files.close();
    }
  });
});
