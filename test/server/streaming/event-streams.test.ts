import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { reviewsMember } from '../../execution/subscription/harness.ts';
import { fakeConnection, fakeMember, fresh, PETSTORE_SDL } from '../../schema/graph/fake-member.ts';
import { type FakeStream, type StreamingConnection, streamingConnection } from '../../support/fake-stream.ts';
import { type StreamingServer, startStreamingServer, until } from './harness.ts';

const CHANGED = 'subscription Changes($book: ID) { reviewsChanged(book: $book) { text } }';
const EVENTS = { accept: 'text/event-stream', 'content-type': 'application/json' };
const by = { id: 'k0', name: 'the tester' };

let weir: StreamingServer | undefined;
afterEach(async () => {
  await weir?.close();
  weir = undefined;
});

async function start(
  connection: StreamingConnection,
  overrides: Parameters<typeof startStreamingServer>[1] = {},
  visibility: 'PUBLIC' | 'SHARED' = 'PUBLIC',
): Promise<StreamingServer> {
  const pets = fakeConnection(() => fresh({ name: 'Rex' }));
  weir = await startStreamingServer(
    [reviewsMember({ connection, visibility }), fakeMember({ name: 'petstore', sdl: PETSTORE_SDL, connection: pets })],
    overrides,
  );
  return weir;
}

const first = async (connection: StreamingConnection): Promise<FakeStream> => {
  await until(() => connection.open.length > 0);
  const stream = connection.open[0];
  if (stream === undefined) throw new Error('No stream is open.');
  return stream;
};

const post = (url: string, query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/graphql`, { method: 'POST', headers: { ...EVENTS, ...headers }, body: JSON.stringify({ query }) });

describe('server-sent events', () => {
  test('a subscription, as the client of graphql-sse reads it', async () => {
    const connection = streamingConnection();
    const answers = (await start(connection)).events().iterate({ query: CHANGED, variables: { book: 'b1' } });
    const next = answers.next();
    const stream = await first(connection);
    expect(stream.call.arguments).toEqual({ book: 'b1', first: 3 });
    stream.answer({ text: 'one' });
    stream.answer({ text: 'two\nlines' });
    expect((await next).value).toEqual({ data: { reviewsChanged: { text: 'one' } } });
    expect((await answers.next()).value).toEqual({ data: { reviewsChanged: { text: 'two\nlines' } } });
    stream.complete();
    expect(await answers.next()).toEqual({ done: true, value: undefined });
  });

  test('by GET, as EventSource asks; a mutation is not sent so', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection);
    const ask = (query: string): Promise<Response> => {
      const parameters = new URLSearchParams({ query, variables: '{"book":"b1"}' });
      return fetch(`${url}/graphql?${parameters}`, { headers: { accept: 'text/event-stream' } });
    };
    const response = await ask(CHANGED);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-request-id')).not.toBeNull();
    const stream = await first(connection);
    stream.answer({ text: 'one' });
    stream.complete();
    expect(await response.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"reviewsChanged":{"text":"one"}}}\n\nevent: complete\ndata: \n\n',
    );
    expect((await ask('mutation { petstore { removePet(id: 1) } }')).status).toBe(405);
  });

  test('a query, and what is refused, are one event', async () => {
    const { url } = await start(streamingConnection());
    expect(await (await post(url, '{ petstore { pet(id: 1) { name } } }')).text()).toContain(
      'event: next\ndata: {"data":{"petstore":{"pet":{"name":"Rex"}}}}\n\nevent: complete',
    );
    const refused = await (await post(url, 'subscription { nothing }')).text();
    expect(refused).toMatch(/event: next\ndata: \{"errors":\[.*"GRAPHQL_VALIDATION_FAILED".*\n\nevent: complete/);
    expect(refused).not.toContain('http');
  });

  test('what is no GraphQL request is answered as HTTP', async () => {
    const { url } = await start(streamingConnection());
    const send = async (body: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(`${url}/graphql`, { method: 'POST', headers: { ...EVENTS, ...headers }, body })).status;
    expect(await send('{')).toBe(400);
    expect(await send('{}')).toBe(400);
    expect(await send('{"query":"{ me { id } }","variables":[]}')).toBe(400);
    expect(await send('{"query":"{ me { id } }"}', { 'content-type': 'text/plain' })).toBe(400);
    expect(await send('{"query":"{ me { id } }"}', { 'weir-key': 'weir_sk_nonsense' })).toBe(401);
    expect(await send('{"query":"{ me { id } }"}', { 'weir-max-stale': 'soon' })).toBe(400);
    expect(await send('{"query":"{ me { id } }"}', { origin: 'https://evil.example' })).toBe(403);
  });

  test('a client that takes JSON too gets events for a subscription, and JSON for the rest', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection);
    const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
    const query = await post(url, '{ petstore { pet(id: 1) { name } } }', { accept });
    expect(await query.json()).toEqual({ data: { petstore: { pet: { name: 'Rex' } } } });
    const subscription = post(url, CHANGED, { accept });
    (await first(connection)).complete();
    expect((await subscription).headers.get('content-type')).toContain('text/event-stream');
  });

  test('a subscription that is sent as any other request is told how to subscribe', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection);
    const response = await post(url, CHANGED, { accept: 'application/json' });
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/text\/event-stream.*graphql-transport-ws/),
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
        },
      ],
    });
    expect(connection.streams).toEqual([]);
  });

  test('the same access rules: a source that is not seen is not subscribed to; a revoked key ends it', async () => {
    const connection = streamingConnection();
    const { events, keyring, url } = await start(connection, {}, 'SHARED');
    expect(await (await post(url, CHANGED)).text()).toContain('GRAPHQL_VALIDATION_FAILED');
    await keyring.issueKey({ name: 'admin', role: 'ADMIN', expiresAt: undefined }, by);
    const { secret, record } = await keyring.issueKey({ name: 'app', role: 'CONSUMER', expiresAt: undefined }, by);
    const answers = events({ authorization: `Bearer ${secret}`, 'x-tenant': 't1' }).iterate({ query: CHANGED });
    const next = answers.next();
    const { context } = await first(connection);
    expect(context).toMatchObject({ callerId: record.id, headers: { 'x-tenant': 't1' } });
    expect(JSON.stringify(context.headers)).not.toContain(secret);
    await keyring.revokeKey(record.id, by);
    expect((await next).value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(connection.open).toEqual([]);
  });

  test('a client that goes ends it; the log line tells how long it was and how many events it brought', async () => {
    const connection = streamingConnection();
    const { url, lines, subscriptions } = await start(connection);
    const leave = new AbortController();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: EVENTS,
      body: JSON.stringify({ query: CHANGED }),
      signal: leave.signal,
    });
    const stream = await first(connection);
    stream.answer({ text: 'one' });
    const reader = response.body?.getReader();
    for (let text = ''; !text.includes('one'); ) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    leave.abort();
    await until(() => stream.ended && lines.length === 1);
    expect(subscriptions.size).toBe(0);
    expect(lines[0]).toMatchObject({ msg: 'request', type: 'subscription', operation: 'Changes', events: 1 });
  });

  test('a comment now and then keeps it alive', async () => {
    const connection = streamingConnection();
    const { url } = await start(connection, { heartbeatMs: 100 });
    const response = await post(url, CHANGED);
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes(':\n\n:\n\n:\n\n')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(connection.open).toHaveLength(1);
    await reader?.cancel();
  });

  test('who does not read is ended when too much waits, and cut off', async () => {
    const connection = streamingConnection();
    const { url, subscriptions, lines } = await start(connection, { subscriptionQueueEvents: 5, heartbeatMs: 100 });
    const { hostname, port } = new URL(url);
    const deaf = connect({ host: hostname, port: Number(port) });
    deaf.on('error', () => undefined).pause();
    const body = JSON.stringify({ query: CHANGED });
    deaf.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
    const stream = await first(connection);
    const text = 'x'.repeat(500_000);
    for (let i = 0; !stream.ended; i++) {
      if (i > 1_000_000) throw new Error('It was never too slow.');
      stream.answer({ text });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => lines.length === 1);
    expect(subscriptions.size).toBe(0);
    deaf.destroy();
  });

  test('the end of the gateway ends it with a code', async () => {
    const connection = streamingConnection();
    const server = await start(connection);
    const answers = server.events().iterate({ query: CHANGED });
    const next = answers.next();
    await first(connection);
    const ending = server.end();
    expect((await next).value).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_ENDED' } }] });
    await ending;
    expect(connection.open).toEqual([]);
  });
});

describe('many subscribers', () => {
  test('400 at once over WebSockets and event streams: each gets its events, and none is left', async () => {
    const connection = streamingConnection();
    const { webSocket, events, subscriptions, swap } = await start(connection);
    const clients = [
      ...Array.from({ length: 100 }, () => webSocket()).flatMap((client) => [client, client, client]),
      ...Array.from({ length: 100 }, () => events()),
    ];
    const all = clients.map((client) => client.iterate({ query: CHANGED }));
    const nexts = all.map((answers) => answers.next());
    await until(() => connection.open.length === 400);
    await swap([reviewsMember({ connection }), fakeMember({ name: 'petstore', sdl: PETSTORE_SDL })]);
    for (const stream of connection.open) stream.answer({ text: 'to all' });
    for (const next of nexts) expect((await next).value).toEqual({ data: { reviewsChanged: { text: 'to all' } } });
    await Promise.all(all.map((answers) => answers.return?.()));
    await until(() => subscriptions.size === 0);
    expect(connection.open).toEqual([]);
  }, 20_000);
});
