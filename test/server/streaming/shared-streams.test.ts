import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { reviewsMember } from '../../execution/subscription/harness.ts';
import { fakeConnection, fakeMember, fresh, PETSTORE_SDL } from '../../schema/graph/fake-member.ts';
import { type StreamingConnection, streamingConnection } from '../../support/fake-stream.ts';
import { type StreamingServer, startStreamingServer, until } from './harness.ts';

const CHANGED = 'subscription Changes($book: ID) { reviewsChanged(book: $book) { text } }';
const TOKEN = 'x-graphql-event-stream-token';
const by = { id: 'k0', name: 'the tester' };

let weir: StreamingServer | undefined;
afterEach(async () => {
  await weir?.close();
  weir = undefined;
});

async function start(
  connection: StreamingConnection,
  overrides: Parameters<typeof startStreamingServer>[1] = {},
): Promise<StreamingServer> {
  const pets = fakeConnection(() => fresh({ name: 'Rex' }));
  weir = await startStreamingServer(
    [
      reviewsMember({ connection, visibility: 'PUBLIC' }),
      fakeMember({ name: 'petstore', sdl: PETSTORE_SDL, connection: pets }),
    ],
    overrides,
  );
  return weir;
}

/** The parts of the protocol by hand. */
function byHand(url: string, headers: Record<string, string> = {}) {
  const send = (method: string, more: RequestInit & { headers?: Record<string, string> } = {}, path = '') =>
    fetch(`${url}/graphql${path}`, { ...more, method, headers: { ...headers, ...more.headers } });
  const json = { 'content-type': 'application/json' };
  return {
    send,
    reserve: async () => (await send('PUT')).text(),
    open: (token: string, signal?: AbortSignal) =>
      send('GET', {
        headers: { [TOKEN]: token, accept: 'text/event-stream' },
        ...(signal === undefined ? {} : { signal }),
      }),
    begin: (token: string, query: string, operationId: unknown = '1') =>
      send('POST', {
        headers: { ...json, [TOKEN]: token },
        body: JSON.stringify({ query, extensions: { operationId } }),
      }),
    stop: (token: string, id: string) => send('DELETE', { headers: { [TOKEN]: token } }, `?operationId=${id}`),
  };
}

describe('server-sent events, one connection for all operations', () => {
  test('as the client of graphql-sse reads them: several subscriptions and a query over one stream', async () => {
    const connection = streamingConnection();
    const client = (await start(connection)).events({}, true);
    const one = client.iterate({ query: CHANGED, variables: { book: 'b1' } });
    const two = client.iterate({ query: CHANGED, variables: { book: 'b2' } });
    const [first, second] = [one.next(), two.next()];
    await until(() => connection.open.length === 2);
    for (const stream of connection.open) stream.answer({ text: String(stream.call.arguments.book) });
    expect((await first).value).toEqual({ data: { reviewsChanged: { text: 'b1' } } });
    expect((await second).value).toEqual({ data: { reviewsChanged: { text: 'b2' } } });
    expect((await client.iterate({ query: '{ petstore { pet(id: 1) { name } } }' }).next()).value).toEqual({
      data: { petstore: { pet: { name: 'Rex' } } },
    });
    const opened = weir?.lines.filter(({ method }) => method === 'PUT');
    expect(opened).toHaveLength(1);
    await two.return?.();
    await until(() => connection.open.length === 1);
    connection.open[0]?.complete();
    expect(await one.next()).toEqual({ done: true, value: undefined });
    await until(() => weir?.lines.some(({ method, status }) => method === 'GET' && status === 200) === true);
    const told = weir?.lines.filter(({ protocol }) => protocol === 'graphql-sse') ?? [];
    expect(told.map(({ type, events }) => [type, events]).sort()).toEqual([
      ['query', undefined],
      ['subscription', 1],
      ['subscription', 1],
    ]);
  });

  test('a stream that ends takes its operations along; its token is of no use any more', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection);
    const { reserve, open, begin } = byHand(url);
    const token = await reserve();
    const gone = new AbortController();
    await open(token, gone.signal);
    expect((await begin(token, CHANGED)).status).toBe(202);
    await until(() => connection.open.length === 1);
    gone.abort();
    await until(() => connection.open.length === 0);
    expect((await begin(token, CHANGED)).status).toBe(404);
    expect((await open(token)).status).toBe(404);
  });

  test('what is begun before the stream is open waits for it', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection);
    const { reserve, open, begin, send } = byHand(url);
    const token = await reserve();
    expect((await begin(token, '{ petstore { pet(id: 1) { name } } }', 'q')).status).toBe(202);
    const response = await open(token);
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('complete')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(text).toBe(
      ':\n\nevent: next\ndata: {"id":"q","payload":{"data":{"petstore":{"pet":{"name":"Rex"}}}}}\n\n' +
        'event: complete\ndata: {"id":"q"}\n\n',
    );
    expect((await begin(token, CHANGED, 's')).status).toBe(202);
    // The token may stand in the URL as well; a parameter of that name means nothing elsewhere.
    expect((await send('DELETE', {}, `?operationId=s&token=${token}`)).status).toBe(200);
    const query = `?token=mine&query=${encodeURIComponent('{ petstore { pet(id: 1) { name } } }')}`;
    expect((await send('GET', { headers: { accept: 'text/event-stream' } }, query)).status).toBe(200);
    await until(() => connection.streams.length === 1 && connection.open.length === 0);
    await reader?.cancel();
  });

  test("a token is its reserver's alone, opens one stream, and is not guessed", async () => {
    const { url, keyring } = await start(streamingConnection());
    await keyring.issueKey({ name: 'admin', role: 'ADMIN', expiresAt: undefined }, by);
    const keyOf = async (name: string) => {
      const { secret, record } = await keyring.issueKey({ name, role: 'CONSUMER', expiresAt: undefined }, by);
      return { headers: { 'weir-key': secret }, id: record.id };
    };
    const [mine, theirs] = [await keyOf('mine'), await keyOf('theirs')];
    const me = byHand(url, mine.headers);
    const token = await me.reserve();
    expect(token).toMatch(/^[\w-]{32}$/);
    for (const other of [byHand(url), byHand(url, theirs.headers)]) {
      expect((await other.open(token)).status).toBe(404);
      expect((await other.begin(token, '{ me { id } }')).status).toBe(404);
      expect((await other.stop(token, '1')).status).toBe(404);
    }
    const response = await me.open(token);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect((await me.open(token)).status).toBe(409);
    expect((await me.open('guessed')).status).toBe(404);
    await keyring.revokeKey(mine.id, by);
    expect((await me.begin(token, '{ me { id } }')).status).toBe(401);
    await response.body?.cancel();
  });

  test('what makes no sense is answered as HTTP', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection);
    const { reserve, open, begin, send } = byHand(url);
    const token = await reserve();
    const response = await open(token);
    for (const id of [undefined, '', 7, 'x'.repeat(200)])
      expect((await begin(token, '{ me { id } }', id ?? null)).status).toBe(400);
    const refused = await begin(token, '{ nothing }');
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    ]);
    expect((await send('DELETE', { headers: { [TOKEN]: token } })).status).toBe(400);
    expect((await send('DELETE')).status).toBe(400);
    expect((await send('PUT', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    const plain = { [TOKEN]: token, 'content-type': 'text/plain' };
    expect((await send('POST', { headers: plain, body: '{"query":"{ me { id } }"}' })).status).toBe(400);
    expect((await begin(token, CHANGED, 'twice')).status).toBe(202);
    expect((await begin(token, CHANGED, 'twice')).status).toBe(409);
    await response.body?.cancel();
    await until(() => connection.open.length === 0);
  });

  test('streams, and operations over one, are bounded; a reservation that nobody opens counts', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection, { webSocketLimit: 2, webSocketOperationLimit: 2 });
    const { reserve, open, begin, send } = byHand(url);
    const token = await reserve();
    const response = await open(token);
    await reserve();
    const third = await send('PUT');
    expect([third.status, await third.json()]).toMatchObject([
      503,
      { errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }] },
    ]);
    expect((await begin(token, CHANGED, 'a')).status).toBe(202);
    expect((await begin(token, CHANGED, 'b')).status).toBe(202);
    expect((await begin(token, CHANGED, 'c')).status).toBe(429);
    await response.body?.cancel();
    await until(() => connection.open.length === 0);
    expect((await send('PUT')).status).toBe(201);
  });

  test('a stream that nobody reads: what waits is bounded for each operation, and the stream is cut off', async () => {
    const connection = streamingConnection();
    const { url, subscriptions, lines } = await start(connection, { subscriptionQueueEvents: 5, heartbeatMs: 100 });
    const { reserve, begin } = byHand(url);
    const token = await reserve();
    const { hostname, port } = new URL(url);
    const deaf = connect({ host: hostname, port: Number(port) });
    deaf.on('error', () => undefined).pause();
    deaf.write(`GET /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n${TOKEN}: ${token}\r\n\r\n`);
    for (let i = 0; i < 20; i++) expect((await begin(token, CHANGED, String(i))).status).toBe(202);
    const text = 'x'.repeat(200_000);
    for (let i = 0; subscriptions.size > 0; i++) {
      if (i > 1_000_000) throw new Error('It was never too slow.');
      for (const stream of connection.open) stream.answer({ text });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => lines.filter(({ protocol }) => protocol === 'graphql-sse').length === 20);
    expect((await begin(token, CHANGED)).status).toBe(404);
    deaf.destroy();
  });

  test('a shutdown ends what is subscribed to, with a last answer, and then the stream', async () => {
    const connection = streamingConnection();
    const { url, end } = await start(connection);
    const { reserve, open, begin } = byHand(url);
    const token = await reserve();
    await reserve();
    const text = (await open(token)).text();
    await begin(token, CHANGED, 'last');
    await until(() => connection.open.length === 1);
    await end();
    expect(await text).toMatch(
      /"id":"last","payload":\{"errors".*SUBSCRIPTION_ENDED.*\n\nevent: complete\ndata: \{"id":"last"\}/,
    );
  });
});
