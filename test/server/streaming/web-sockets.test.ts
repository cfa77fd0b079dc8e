import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { reviewsMember } from '../../execution/subscription/harness.ts';
import { fakeConnection, fakeMember, fresh, PETSTORE_SDL } from '../../schema/graph/fake-member.ts';
import { type StreamingConnection, streamingConnection } from '../../support/fake-stream.ts';
import { type StreamingServer, startStreamingServer, until } from './harness.ts';

const CHANGED = { query: 'subscription Changes { reviewsChanged { text } }' };
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
  const pets = fakeConnection((operation) => fresh(operation === 'removePet' ? true : { name: 'Rex' }));
  weir = await startStreamingServer(
    [reviewsMember({ connection, visibility }), fakeMember({ name: 'petstore', sdl: PETSTORE_SDL, connection: pets })],
    overrides,
  );
  return weir;
}

const first = async (connection: StreamingConnection) => {
  await until(() => connection.open.length > 0);
  const stream = connection.open[0];
  if (stream === undefined) throw new Error('No stream is open.');
  return stream;
};

const closed = (socket: WebSocket): Promise<[number, string]> =>
  new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));

const opened = (socket: WebSocket): Promise<void> => new Promise((resolve) => socket.once('open', () => resolve()));

const refusal = (socket: WebSocket): Promise<number | undefined> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });

describe('graphql-transport-ws', () => {
  test('a subscription, a query and a mutation over one connection', async () => {
    const connection = streamingConnection();
    const client = (await start(connection)).webSocket();
    const answers = client.iterate(CHANGED);
    const query = await client.iterate({ query: '{ petstore { pet(id: 1) { name } } }' }).next();
    expect(query.value).toEqual({ data: { petstore: { pet: { name: 'Rex' } } } });
    const mutation = await client.iterate({ query: 'mutation { petstore { removePet(id: 1) } }' }).next();
    expect(mutation.value).toEqual({ data: { petstore: { removePet: true } } });
    const next = answers.next();
    (await first(connection)).answer({ text: 'one' });
    expect((await next).value).toEqual({ data: { reviewsChanged: { text: 'one' } } });
    (await first(connection)).complete();
    expect(await answers.next()).toEqual({ done: true, value: undefined });
  });

  test('what is refused comes as the protocol’s error, coded', async () => {
    const client = (await start(streamingConnection())).webSocket();
    const refused = (query: string, variables?: Record<string, unknown>): Promise<unknown> =>
      client
        .iterate({ query, ...(variables && { variables }) })
        .next()
        .then(String, (errors: unknown) => errors);
    expect(await refused('subscription { nothing }')).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(await refused('subscription {')).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
    expect(await refused(`{ ${'a: __typename '.repeat(40)} }`)).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX' } },
      { extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
    const errors = await refused('query ($id: ID!) { petstore { pet(id: $id) { name } } }', { id: { secret: 's3' } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(errors)).not.toContain('http');
    expect(JSON.stringify(errors)).not.toContain('s3');
  });

  test('who calls is said in connection_init, or by a header of the upgrade', async () => {
    const connection = streamingConnection();
    const { webSocket, keyring } = await start(connection, {}, 'SHARED');
    const { secret } = await keyring.issueKey({ name: 'app', role: 'CONSUMER', expiresAt: undefined }, by);
    await expect(webSocket().iterate(CHANGED).next()).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    class WithKey extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: { authorization: `Bearer ${secret}` } });
      }
    }
    const clients = [
      webSocket({ connectionParams: { 'weir-key': secret } }),
      webSocket({ connectionParams: { Authorization: `Bearer ${secret}` } }),
      webSocket({ webSocketImpl: WithKey }),
    ];
    for (const [i, client] of clients.entries()) {
      const next = client.iterate(CHANGED).next();
      await until(() => connection.open.length === i + 1);
      connection.open[i]?.answer({ text: 'yes' });
      expect((await next).value).toEqual({ data: { reviewsChanged: { text: 'yes' } } });
    }
    // Keys are no business of a source.
    expect(JSON.stringify(connection.streams.map(({ context }) => context.headers))).not.toContain(secret);
  });

  test('a key that is none closes the connection with 4401; connection_init adds no other headers', async () => {
    const connection = streamingConnection();
    const { webSocket } = await start(connection);
    await expect(
      webSocket({ connectionParams: { 'weir-key': 'weir_sk_nonsense' } })
        .iterate(CHANGED)
        .next(),
    ).rejects.toMatchObject({ code: 4401, reason: expect.stringContaining('UNAUTHENTICATED') });
    await expect(
      webSocket({ connectionParams: { 'weir-max-stale': 'soon' } })
        .iterate(CHANGED)
        .next(),
    ).rejects.toMatchObject({ code: 4400, reason: expect.stringContaining('weir-max-stale') });
    const next = webSocket({ connectionParams: { 'x-user': 'eve', 'weir-max-stale': '0' } })
      .iterate(CHANGED)
      .next();
    const { context, answer } = await first(connection);
    expect(context.headers).not.toHaveProperty('x-user');
    expect(context.maxStaleMs).toBe(0);
    answer({ text: 'x' });
    await next;
  });

  test('a key that is revoked ends its subscriptions at once, and opens nothing over the same connection', async () => {
    const connection = streamingConnection();
    const { webSocket, keyring } = await start(connection, {}, 'SHARED');
    await keyring.issueKey({ name: 'admin', role: 'ADMIN', expiresAt: undefined }, by);
    const { secret, record } = await keyring.issueKey({ name: 'app', role: 'CONSUMER', expiresAt: undefined }, by);
    const client = webSocket({ connectionParams: { 'weir-key': secret }, lazyCloseTimeout: 1000 });
    const next = client.iterate(CHANGED).next();
    await first(connection);
    await keyring.revokeKey(record.id, by);
    expect((await next).value).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(connection.open).toEqual([]);
    await expect(client.iterate({ query: '{ me { id } }' }).next()).rejects.toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  test('a client that goes takes its subscriptions along; one log line tells of each', async () => {
    const connection = streamingConnection();
    const { webSocket, lines, subscriptions } = await start(connection);
    const client = webSocket({ connectionParams: { 'weir-trace': '1' } });
    const answers = client.iterate(CHANGED);
    const next = answers.next();
    const stream = await first(connection);
    stream.answer({ text: 'one' });
    expect((await next).value).toMatchObject({ extensions: { weir: { sources: [{ outcome: 'FRESH' }] } } });
    client.terminate();
    await until(() => stream.ended && lines.length > 0);
    expect(subscriptions.size).toBe(0);
    expect(lines).toMatchObject([
      {
        msg: 'request',
        protocol: 'graphql-transport-ws',
        caller: 'anonymous',
        type: 'subscription',
        operation: 'Changes',
        events: 1,
        graphVersion: 1,
        served: { FRESH: 1 },
      },
    ]);
    await answers.return?.();
  });

  test('an id that is used again before its operation had begun leaves nothing behind', async () => {
    const connection = streamingConnection();
    const { webSocketUrl, subscriptions } = await start(connection);
    const socket = new WebSocket(webSocketUrl, 'graphql-transport-ws');
    await opened(socket);
    const send = (message: unknown): void => socket.send(JSON.stringify(message));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    send({ type: 'connection_init' });
    await acknowledged;
    for (let i = 0; i < 20; i++) {
      send({ type: 'subscribe', id: 'a', payload: CHANGED });
      send({ type: 'complete', id: 'a' });
    }
    send({ type: 'subscribe', id: 'b', payload: CHANGED });
    await until(() => connection.streams.length === 21);
    socket.close();
    await until(() => subscriptions.size === 0);
    expect(connection.open).toEqual([]);
  });

  test('more operations than a connection may have are refused, the others go on', async () => {
    const connection = streamingConnection();
    const { webSocket } = await start(connection, { webSocketOperationLimit: 2 });
    const client = webSocket();
    const running = [client.iterate(CHANGED), client.iterate(CHANGED)];
    const nexts = running.map((answers) => answers.next());
    await until(() => connection.open.length === 2);
    await expect(client.iterate(CHANGED).next()).rejects.toMatchObject([
      { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', allowed: 2 } },
    ]);
    for (const stream of connection.open) stream.answer({ text: 'on' });
    for (const next of nexts) expect((await next).value).toEqual({ data: { reviewsChanged: { text: 'on' } } });
  });
});

describe('an upgrade', () => {
  test.each([
    ['elsewhere', '/', {}, 404],
    ['from a page of another origin', '/graphql', { origin: 'https://evil.example' }, 403],
  ])('%s is refused', async (_, path, headers, status) => {
    const { url } = await start(streamingConnection());
    const socket = new WebSocket(url.replace('http', 'ws') + path, 'graphql-transport-ws', { headers });
    expect(await refusal(socket)).toBe(status);
  });

  test('from the gateway’s own pages, and from origins that are allowed, is taken', async () => {
    const { webSocketUrl, url } = await start(streamingConnection(), { allowedOrigins: ['https://app.example'] });
    for (const origin of [url, 'https://app.example']) {
      const socket = new WebSocket(webSocketUrl, 'graphql-transport-ws', { headers: { origin } });
      await opened(socket);
      socket.close();
    }
  });

  test('over the number of connections is refused', async () => {
    const { webSocketUrl } = await start(streamingConnection(), { webSocketLimit: 1 });
    const socket = new WebSocket(webSocketUrl, 'graphql-transport-ws');
    await opened(socket);
    expect(await refusal(new WebSocket(webSocketUrl, 'graphql-transport-ws'))).toBe(503);
    socket.close();
    await closed(socket);
  });

  test('without the protocol is closed with 4406, a message over the limit with 1009, nonsense with 4400', async () => {
    const { webSocketUrl } = await start(streamingConnection(), { bodyLimitBytes: 2000 });
    const plain = new WebSocket(webSocketUrl);
    expect(await closed(plain)).toEqual([4406, 'Subprotocol not acceptable']);
    const large = new WebSocket(webSocketUrl, 'graphql-transport-ws');
    await opened(large);
    large.send('x'.repeat(3000));
    expect((await closed(large))[0]).toBe(1009);
    const odd = new WebSocket(webSocketUrl, 'graphql-transport-ws');
    await opened(odd);
    odd.send('{');
    expect((await closed(odd))[0]).toBe(4400);
  });
});

describe('whoever does not read', () => {
  /** A client that opens a subscription and then reads nothing. */
  async function deafClient(url: string): Promise<Socket> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    const key = Buffer.alloc(16, 7).toString('base64');
    socket.write(
      `GET /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    for (const message of [{ type: 'connection_init' }, { type: 'subscribe', id: '1', payload: CHANGED }]) {
      const text = Buffer.from(JSON.stringify(message));
      // A masked text frame, with the mask 0.
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    }
    return socket;
  }

  test('is ended when its queue is full, and cut off when it gives no sign of life; others get every event', async () => {
    const connection = streamingConnection();
    const { url, webSocket, lines, subscriptions } = await start(connection, {
      subscriptionQueueEvents: 20,
      heartbeatMs: 100,
    });
    const deaf = await deafClient(url);
    await until(() => connection.open.length === 1);
    const answers = webSocket().iterate(CHANGED);
    const began = answers.next();
    await until(() => connection.open.length === 2);
    const [toDeaf, toOther] = connection.open;
    const text = 'x'.repeat(200_000);
    let read = 0;
    let next = began;
    for (let i = 0; toDeaf?.ended === false; i++) {
      if (i > 100_000) throw new Error('The deaf client was never too slow.');
      toDeaf.answer({ text });
      toOther?.answer({ text: String(i) });
      expect((await next).value).toEqual({ data: { reviewsChanged: { text: String(i) } } });
      next = answers.next();
      read++;
    }
    expect(read).toBeGreaterThan(20);
    expect(connection.open).toEqual([toOther]);
    // Nobody answers its pings either.
    await until(() => subscriptions.size === 1);
    expect(lines.filter(({ protocol }) => protocol !== undefined)).toHaveLength(1);
    deaf.destroy();
    toOther?.answer({ text: 'still here' });
    expect((await next).value).toEqual({ data: { reviewsChanged: { text: 'still here' } } });
  }, 20_000);
});

describe('the end of the gateway', () => {
  test('ends subscriptions with a code, lets what runs finish, and closes with 1001', async () => {
    const connection = streamingConnection();
    const server = await start(connection);
    const idle = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
    await opened(idle);
    const idleClosed = closed(idle);
    const client = server.webSocket();
    const answers = client.iterate(CHANGED);
    const next = answers.next();
    await first(connection);
    const ending = server.end();
    expect((await next).value).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_ENDED' } }] });
    expect(await answers.next()).toEqual({ done: true, value: undefined });
    await ending;
    expect(connection.open).toEqual([]);
    expect(await idleClosed).toEqual([1001, 'The gateway shuts down.']);
  });

  test('does not wait for a client that does not close', async () => {
    const server = await start(streamingConnection(), { shutdownGraceMs: 200 });
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(
      `GET /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
        'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
        'sec-websocket-protocol: graphql-transport-ws\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined).resume();
    await server.end();
    await gone;
  });
});
