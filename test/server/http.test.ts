import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startTestGateway, TEST_ADMIN_KEY, type TestGateway } from '../support/test-gateway.ts';

let weir: TestGateway;
beforeAll(async () => {
  weir = await startTestGateway();
});
afterAll(() => weir.close());

/** Queries by GET need a header that only a preflighted request can have: the audits are given it. */
const preflighted: typeof fetch = (url, init) =>
  fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), 'apollo-require-preflight': '1' } });

const audits = serverAudits({ url: () => `${weir.url}/graphql`, fetchFn: preflighted });

describe('GraphQL over HTTP', () => {
  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, _name, audit) => {
    const result = await audit.fn();
    if (result.status !== 'ok') throw new Error(`${result.status}: ${'reason' in result ? result.reason : ''}`);
  });
});

describe('the front door', () => {
  test('a key that is none is refused with 401 and a code', async () => {
    const { status, errors, headers } = await weir.query('{ me { kind } }', {}, { 'weir-key': 'weir_sk_nonsense' });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="weir"');
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('every answer names its request, and no two alike', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await weir.query('{ me { kind } }')).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('a form post cannot reach GraphQL: no preflight, no query', async () => {
    const response = await fetch(`${weir.url}/graphql?query=%7B__typename%7D`);
    expect(response.status).toBe(400);
    const form = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      body: 'query=1',
      headers: { 'content-type': 'text/plain' },
    });
    expect(form.status).toBe(400);
  });

  test('mutations do not go by GET', async () => {
    const query = encodeURIComponent('mutation { purgeCache { purged } }');
    const response = await fetch(`${weir.url}/graphql?query=${query}`, {
      headers: { 'weir-key': TEST_ADMIN_KEY, 'apollo-require-preflight': '1' },
    });
    expect(response.status).toBe(405);
  });

  test('a body over the limit is refused with 413, announced or not; an admin may send more', async () => {
    const body = JSON.stringify({ query: `{ me { kind } } #${'x'.repeat(300 * 1024)}` });
    const send = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${weir.url}/graphql`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await send({})).status).toBe(413);
    expect((await send({ 'weir-key': TEST_ADMIN_KEY })).status).toBe(200);
    expect(await chunkedStatus(`${weir.url}/graphql`, body)).toBe(413);
  });

  test('a body that is no JSON is the client’s mistake', async () => {
    const response = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  test('a document over the token limit is too complex', async () => {
    const { errors } = await weir.query(`{ ${'__typename '.repeat(2100)} }`);
    expect(errors[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  });

  test('weir-max-stale must be a number', async () => {
    const { status, errors } = await weir.query('{ me { kind } }', {}, { 'weir-max-stale': 'soon' });
    expect(status).toBe(400);
    expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
  });

  test('answers are not to be kept by others', async () => {
    expect((await weir.query('{ me { kind } }')).headers.get('cache-control')).toBe('no-store');
  });

  test('an unknown path is 404 with a code', async () => {
    const response = await fetch(`${weir.url}/nothing?secret=1`);
    expect(response.status).toBe(404);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(text).not.toContain('secret');
  });

  test('/health and /ready say so', async () => {
    expect(await (await fetch(`${weir.url}/health`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${weir.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });
});

/** Sends a body without announcing its length. */
function chunkedStatus(url: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    // The server may hang up while the rest is still being sent; its answer is what counts.
    request.on('error', (error: Error & { code?: string }) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
    );
    request.write(body.slice(0, 1000));
    request.end(body.slice(1000));
  });
}
