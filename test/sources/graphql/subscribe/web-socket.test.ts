import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { Secret } from '../../../../src/sources/index.ts';
import type { Policy } from '../../../../src/sources/policy.ts';
import { createEgressGuard, createHttpClient } from '../../../../src/upstream/index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { newsSchema, Topic } from '../support/news.ts';
import { type NewsSource, newsSource } from '../support/news-source.ts';
import { startGraphQLWs, type WebSocketUpstream } from '../support/subscription-servers.ts';
import { until } from '../support/until.ts';

const STORY = { id: '1', title: 'Flood', size: 1 };

describe('subscriptions over a WebSocket', () => {
  const topic = new Topic();
  const schema = newsSchema(topic);
  const upstreams: WebSocketUpstream[] = [];
  let source: NewsSource | undefined;

  const upstream = async (...args: Parameters<typeof startGraphQLWs> | []): Promise<WebSocketUpstream> => {
    const started = args.length === 0 ? await startGraphQLWs(schema) : await startGraphQLWs(...args);
    upstreams.push(started);
    return started;
  };
  const connect = async (...args: Parameters<typeof newsSource>): Promise<NewsSource> => {
    source = await newsSource(...args);
    return source;
  };
  const simple = async (policy: Policy = {}): Promise<{ news: NewsSource; server: WebSocketUpstream }> => {
    const server = await upstream();
    return { server, news: await connect({ endpoints: [{ url: server.url }] }, policy) };
  };

  afterEach(async () => {
    await source?.close();
    source = undefined;
    for (const server of upstreams) await until(() => server.sockets.size === 0);
    for (const server of upstreams.splice(0)) await server.close();
    expect(topic.open).toBe(0);
  });

  test('bring each answer, and end when the upstream completes them', async () => {
    const { news, server } = await simple();
    expect(await news.listen('count', { to: 3 }).until(4)).toEqual([['FRESH', 1], ['FRESH', 2], ['FRESH', 3], 'END']);
    const sent = server.received.filter(({ type }) => type === 'subscribe');
    expect(sent).toMatchObject([
      { payload: { query: 'subscription($a0_to:Int!){f0:count(to:$a0_to)}', variables: { a0_to: 3 } } },
    ]);
  });

  test('do nothing before they are read, and end at the upstream when they are no longer', async () => {
    const { news, server } = await simple();
    const context = news.context();
    news.connection.subscribe?.('story', { arguments: { about: 'rain' } }, context);
    expect(server.upgrades).toEqual([]);
    const one = news.listen('story', { about: 'rain' });
    await until(() => topic.open === 1);
    topic.tell(STORY);
    expect(await one.until(1)).toEqual([['FRESH', { id: '1', title: 'Flood', size: 1, broken: expect.anything() }]]);
    await one.leave();
    await until(() => topic.open === 0 && server.sockets.size === 0);
    expect(one.events.at(-1)).toBe('END');
  });

  test('end with the signal of their request', async () => {
    const { news } = await simple();
    const controller = new AbortController();
    const one = news.listen('story', { about: 'rain' }, { signal: controller.signal });
    await until(() => topic.open === 1);
    controller.abort();
    expect(await one.until(1)).toEqual(['END']);
    await until(() => topic.open === 0);
  });

  test('5,000 of the same are one at the upstream, which ends with the last', async () => {
    const { news, server } = await simple();
    const all = Array.from({ length: 5_000 }, () => news.listen('story', { about: 'rain' }));
    await until(() => topic.open > 0);
    topic.tell(STORY);
    await Promise.all(all.map((one) => one.until(1)));
    expect(topic.open).toBe(1);
    expect(server.received.filter(({ type }) => type === 'subscribe').length).toBe(1);
    for (const one of all.slice(1)) await one.leave();
    expect(topic.open).toBe(1);
    topic.tell(STORY);
    await all[0]?.until(2);
    await all[0]?.leave();
    await until(() => topic.open === 0);
  });

  test('share a connection where they differ, and nothing where credentials do', async () => {
    const server = await upstream();
    const news = await connect({
      endpoints: [{ url: server.url }],
      auth: { bearer: { token: new Secret('hush') } },
      headers: [{ name: 'x-owner', value: 'weir' }],
      forwardHeaders: ['x-tenant', 'authorization'],
    });
    news.listen('story', { about: 'rain' }, { headers: { 'x-tenant': 'a', 'x-other': 'no' } });
    news.listen('story', { about: 'sun' }, { headers: { 'x-tenant': 'a' } });
    await until(() => topic.open === 2);
    expect(server.sockets.size).toBe(1);
    news.listen('story', { about: 'rain' }, { headers: { 'x-tenant': 'b' } });
    news.listen('story', { about: 'rain' }, { headers: { 'x-tenant': 'b', authorization: 'Bearer mine' } });
    await until(() => topic.open === 4);
    expect(server.sockets.size).toBe(3);
    const sent = server.upgrades.map(({ authorization, 'x-tenant': tenant, 'x-owner': owner }) => {
      return `${authorization} ${tenant} ${owner}`;
    });
    expect(sent.sort()).toEqual(['Bearer hush a weir', 'Bearer hush b weir', 'Bearer mine b weir']);
    expect(server.upgrades[0]).not.toHaveProperty('x-other');
    expect(server.received.find(({ type }) => type === 'connection_init')).toEqual({ type: 'connection_init' });
  });

  test('carry the headers in connection_init too, where the owner says so', async () => {
    const server = await upstream();
    const news = await connect({
      endpoints: [{ url: server.url }],
      auth: { bearer: { token: new Secret('hush') } },
      forwardHeaders: ['x-tenant'],
      subscriptions: { initPayload: 'HEADERS' },
    });
    await news.listen('count', { to: 0 }, { headers: { 'x-tenant': 'a' } }).until(1);
    expect(server.received[0]).toEqual({
      type: 'connection_init',
      payload: { authorization: 'Bearer hush', 'x-tenant': 'a' },
    });
  });

  test('errors of one event stand in their places, and the next event comes all the same', async () => {
    const { news } = await simple();
    const one = news.listen('story', { about: 'rain' });
    await until(() => topic.open === 1);
    topic.tell(STORY);
    topic.tell({ id: '2', title: null });
    topic.tell(STORY);
    const events = (await one.until(3)) as [string, Record<string, { extensions?: unknown }>][];
    expect(events.map(([kind]) => kind)).toEqual(['FRESH', 'FAILED', 'FRESH']);
    expect(events[0]?.[1].broken?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR', upstreamCode: 'IT_IS_BROKEN' });
    expect(events[1]).toEqual(['FAILED', 'UPSTREAM_ERROR']);
    expect(JSON.stringify(events)).not.toContain('secret words');
  });

  test('long integers keep their digits', async () => {
    const { news } = await simple();
    const one = news.listen('story', { about: 'rain' });
    await until(() => topic.open === 1);
    topic.tell({ ...STORY, size: 2 ** 60 });
    expect(await one.until(1)).toMatchObject([['FRESH', { size: BigInt(JSON.stringify(2 ** 60)) }]]);
  });

  test('what the upstream answers with an error alone is an answer that failed', async () => {
    const { news } = await simple();
    const failed = news.listen('refused', { code: 'FORBIDDEN' });
    expect(await failed.until(2)).toEqual([['FAILED', 'UPSTREAM_REJECTED'], 'END']);
  });

  test('what the upstream refuses ends with a code, and is not tried again', async () => {
    const server = await upstream(buildSchema('type Query { ok: Int } type Subscription { other: Int }'));
    const news = await connect({ endpoints: [{ url: server.url }] });
    expect(await news.listen('count', { to: 1 }).until(2)).toEqual([
      'ENDED UPSTREAM_ERROR destination_unavailable',
      'END',
    ]);
    expect(server.received.filter(({ type }) => type === 'subscribe').length).toBe(1);
  });

  test('are refused where the upgrade is', async () => {
    const { news, server } = await simple();
    server.gate = () => 403;
    expect(await news.listen('count', { to: 1 }).until(1)).toEqual(['ENDED UPSTREAM_REJECTED http_request_error']);
    server.gate = () => 503;
    expect(await news.listen('count', { to: 1 }).until(1)).toEqual([expect.stringContaining('ENDED UPSTREAM_ERROR ')]);
    server.gate = () => undefined;
    expect(await news.listen('count', { to: 1 }).until(2)).toEqual([['FRESH', 1], 'END']);
  });

  test('are not opened for a request whose upstream calls are used up, nor on a paused source', async () => {
    const { news, server } = await simple();
    const none = news.listen('count', { to: 1 }, { takeUpstreamCall: () => false });
    expect(await none.until(1)).toEqual([expect.stringContaining('ENDED BUDGET_EXCEEDED ')]);
    news.connection.reconfigure({ ...news.settings, paused: true });
    expect(await news.listen('count', { to: 1 }).until(1)).toEqual(['ENDED NO_HEALTHY_UPSTREAM source_paused']);
    expect(server.upgrades).toEqual([]);
  });

  describe('a lost upstream', () => {
    test('is shown, and tried again after a while', async () => {
      const { news, server } = await simple();
      const one = news.listen('story', { about: 'rain' });
      await until(() => topic.open === 1);
      for (const socket of server.sockets) socket.terminate();
      expect(await one.until(1)).toEqual(['INTERRUPTED UPSTREAM_ERROR connection_terminated']);
      // Who comes now is told as well.
      const two = news.listen('story', { about: 'rain' });
      expect(await two.until(1)).toEqual(one.events);
      expect(server.upgrades.length).toBe(1);
      await news.clock.advance(500);
      await until(() => topic.open === 1);
      topic.tell(STORY);
      expect(await one.until(2)).toMatchObject([expect.anything(), ['FRESH', { id: '1' }]]);
      expect(await two.until(2)).toMatchObject([expect.anything(), ['FRESH', { id: '1' }]]);
      expect(server.upgrades.length).toBe(2);
    });

    test('ends with a code when it does not come back', async () => {
      const { news, server } = await simple();
      const one = news.listen('story', { about: 'rain' });
      await until(() => topic.open === 1);
      server.gate = () => 502;
      for (const socket of server.sockets) socket.terminate();
      await one.until(1);
      for (let i = 0; i < 400 && one.events.length < 3; i++) {
        await news.clock.advance(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(one.events.slice(0, 1)).toEqual(['INTERRUPTED UPSTREAM_ERROR connection_terminated']);
      expect(one.events.slice(2)).toEqual(['END']);
      expect(one.events[1]).toEqual(expect.stringMatching(/^ENDED (UPSTREAM_ERROR|NO_HEALTHY_UPSTREAM) /));
      expect(server.upgrades.length).toBeGreaterThan(2);
      expect(server.upgrades.length).toBeLessThanOrEqual(11);
    });

    test('is tried again as often as the policy says, by the policy of now', async () => {
      const { news, server } = await simple({ reconnects: 0 });
      const one = news.listen('story', { about: 'rain' });
      await until(() => topic.open === 1);
      for (const socket of server.sockets) socket.terminate();
      expect(await one.until(2)).toEqual(['ENDED UPSTREAM_ERROR connection_terminated', 'END']);

      const other = news.listen('story', { about: 'sun' });
      await until(() => topic.open === 1);
      news.connection.reconfigure({ ...news.settings, policy: { reconnects: 1, retries: 0 } });
      server.gate = () => 502;
      const before = server.upgrades.length;
      for (const socket of server.sockets) socket.terminate();
      await other.until(1);
      await news.clock.advance(500);
      expect(await other.until(3)).toEqual([
        'INTERRUPTED UPSTREAM_ERROR connection_terminated',
        expect.stringMatching(/^ENDED UPSTREAM_ERROR /),
        'END',
      ]);
      expect(server.upgrades.length - before).toBeLessThanOrEqual(1);
    });

    test('gives way to a backup', async () => {
      const primary = await upstream();
      const backup = await upstream();
      const endpoints = [{ url: primary.url }, { url: backup.url, priority: 1 }];
      const news = await connect({ endpoints }, { retries: 1 });
      const one = news.listen('story', { about: 'rain' });
      await until(() => topic.open === 1);
      await primary.close();
      await one.until(1);
      await news.clock.advance(500);
      await until(() => topic.open === 1);
      topic.tell(STORY);
      expect(await one.until(2)).toMatchObject([expect.stringContaining('INTERRUPTED'), ['BACKUP', { id: '1' }]]);
      expect(news.connection.health().endpoints[0]?.lastError).toMatch(/connection_(refused|terminated)/);
    });

    test('counts once against its endpoint, however many subscriptions were on it', async () => {
      const { news, server } = await simple();
      const all = Array.from({ length: 20 }, (_, n) => news.listen('story', { about: String(n) }));
      await until(() => topic.open === 20);
      for (const socket of server.sockets) socket.terminate();
      await Promise.all(all.map((one) => one.until(1)));
      expect(news.connection.health().endpoints[0]).toMatchObject({
        breaker: 'CLOSED',
        lastError: 'UPSTREAM_ERROR (connection_terminated)',
      });
    });

    test('is found out when it falls silent', async () => {
      const { news, server } = await simple();
      const one = news.listen('story', { about: 'rain' });
      await until(() => topic.open === 1);
      const beats = async (): Promise<void> => {
        for (let i = 0; i < 2; i++) {
          await news.clock.advance(15_000);
          await new Promise((resolve) => setTimeout(resolve, 20)); // what is answered comes meanwhile
        }
      };
      await beats();
      expect(one.events).toEqual([]);
      for (const socket of server.sockets) socket.pause();
      await beats();
      expect(await one.until(1)).toEqual(['INTERRUPTED UPSTREAM_TIMEOUT connection_read_timeout']);
      for (const socket of server.sockets) socket.resume();
    });

    test('a pause lets go of the upstream, and resuming takes it up again', async () => {
      const { news, server } = await simple();
      const one = news.listen('story', { about: 'rain' });
      await until(() => topic.open === 1);
      news.connection.reconfigure({ ...news.settings, paused: true });
      expect(await one.until(1)).toEqual(['INTERRUPTED NO_HEALTHY_UPSTREAM source_paused']);
      await until(() => topic.open === 0);
      await news.clock.advance(600_000);
      expect(server.upgrades.length).toBe(1);
      news.connection.reconfigure(news.settings);
      await until(() => topic.open === 1);
      topic.tell(STORY);
      expect(await one.until(2)).toMatchObject([expect.anything(), ['FRESH', { id: '1' }]]);
    });
  });

  test('a reader who is too slow gets what waits, and then the end', async () => {
    const { news } = await simple();
    const stream = news.connection.subscribe?.('story', { arguments: { about: 'rain' } }, news.context());
    const iterator = stream?.[Symbol.asyncIterator]();
    const first = iterator?.next();
    const other = news.listen('story', { about: 'rain' });
    await until(() => topic.open === 1);
    for (let n = 0; n < 1_100; n++) {
      topic.tell({ ...STORY, id: String(n) });
      if (n % 50 === 49) await other.until(n);
    }
    expect(await first).toMatchObject({ value: { outcome: { value: { id: '0' } } } });
    for (let n = 1; n <= 1_000; n++) {
      expect(await iterator?.next()).toMatchObject({ value: { outcome: { value: { id: String(n) } } } });
    }
    expect(await iterator?.next()).toMatchObject({
      value: { kind: 'ENDED', failure: { code: 'SUBSCRIBER_TOO_SLOW' } },
    });
    expect(await iterator?.next()).toEqual({ done: true, value: undefined });
    expect(topic.open).toBe(1);
  });

  test.each([
    ['Unauthorized', CloseCode.Unauthorized, 'UPSTREAM_REJECTED'],
    ['Forbidden', CloseCode.Forbidden, 'UPSTREAM_REJECTED'],
    ['an error of the server', CloseCode.InternalServerError, 'UPSTREAM_ERROR'],
    ['a refused message', CloseCode.BadRequest, 'UPSTREAM_INVALID_RESPONSE'],
    ['too much of it', 1013, 'UPSTREAM_OVERLOADED'],
  ])('closed for %s', async (_, code, expected) => {
    const server = await upstream(schema, {
      onConnect: () => {
        for (const socket of server.sockets) socket.close(code, 'secret words');
        return new Promise(() => {});
      },
    });
    const news = await connect({ endpoints: [{ url: server.url }] });
    const events = await news.listen('count', { to: 1 }).until(2);
    expect(events).toEqual([expect.stringContaining(`ENDED ${expected} `), 'END']);
  });

  test.each([
    ['text that is no JSON', 'nonsense'],
    ['JSON that is no message', '{"type":"surprise"}'],
    ['a message of the client', '{"type":"connection_init"}'],
    ['binary', Buffer.from('{"type":"connection_ack"}')],
  ])('an upstream that sends %s', async (_, message) => {
    const server = await upstream(schema, {
      onConnect: () => {
        for (const socket of server.sockets) socket.send(message);
        return new Promise(() => {});
      },
    });
    const news = await connect({ endpoints: [{ url: server.url }] });
    expect(await news.listen('count', { to: 1 }).until(1)).toEqual([
      'ENDED UPSTREAM_INVALID_RESPONSE http_protocol_error',
    ]);
  });

  test('a port where nobody speaks, and one where nobody listens', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const news = await connect({ endpoints: [{ url: `http://127.0.0.1:${port}/` }] });
    const one = news.listen('count', { to: 1 });
    await until(() => news.clock.pending > 1);
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await news.clock.advance(1_000);
    }
    expect(await one.until(1)).toEqual([expect.stringContaining('ENDED UPSTREAM_TIMEOUT ')]);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    await news.clock.advance(60_000);
    expect(await news.listen('count', { to: 1 }).until(1)).toEqual([
      expect.stringContaining('ENDED NO_HEALTHY_UPSTREAM '),
    ]);
  });

  test('the egress rules hold for them', async () => {
    const server = await upstream();
    const clock = new FakeClock();
    const http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: false }), clock });
    const refused = http.openSocket(server.url, { timeoutMs: 1_000, signal: new AbortController().signal });
    await expect(refused).rejects.toMatchObject({ reason: 'destination_ip_prohibited' });
    await http.close();
  });

  test('go where the owner says, also relative to each endpoint', async () => {
    const server = await upstream();
    const base = new URL(server.url);
    for (const url of [`ws://${base.host}/graphql`, '/graphql', server.url]) {
      const news = await connect({ endpoints: [{ url: `http://${base.host}/elsewhere` }], subscriptions: { url } });
      expect(await news.listen('count', { to: 1 }).until(2)).toEqual([['FRESH', 1], 'END']);
      await news.close();
    }
  });

  test('an access token that the upstream refuses is replaced by another', async () => {
    let issued = 0;
    const tokens = createHttpServer((_, response) => {
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ access_token: `token-${++issued}`, token_type: 'bearer', expires_in: 3600 }));
    });
    await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
    const { port } = tokens.address() as { port: number };
    const server = await upstream();
    server.gate = ({ authorization }) => (authorization === 'Bearer token-1' ? 401 : undefined);
    const oauth2 = {
      tokenUrl: `http://127.0.0.1:${port}/`,
      clientId: 'weir',
      clientSecret: new Secret('hush'),
    };
    const news = await connect({ endpoints: [{ url: server.url }], auth: { oauth2 } });
    expect(await news.listen('count', { to: 1 }).until(2)).toEqual([['FRESH', 1], 'END']);
    expect(server.upgrades.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    tokens.closeAllConnections();
    await new Promise((resolve) => tokens.close(resolve));
  });

  test('servers of their own have a health of their own', async () => {
    const server = await upstream();
    const gone = await upstream();
    await gone.close();
    const news = await connect({ endpoints: [{ url: server.url }], subscriptions: { url: gone.url } });
    for (let n = 0; n < 10; n++) await news.listen('count', { to: n }).until(1);
    expect(news.connection.health().endpoints[0]).toMatchObject({ breaker: 'CLOSED', lastError: undefined });
    const [outcome] = await news.connection.call('ok', [{ arguments: {} }], news.context());
    expect(outcome?.kind).toBe('FRESH');
  });

  test('closing the connection ends all of them and every socket', async () => {
    const { news, server } = await simple();
    const one = news.listen('story', { about: 'rain' });
    const two = news.listen('story', { about: 'sun' });
    await until(() => topic.open === 2);
    await news.connection.close();
    expect(await one.until(2)).toEqual(['ENDED NO_HEALTHY_UPSTREAM cancelled', 'END']);
    expect(await two.until(2)).toEqual(one.events);
    await until(() => server.sockets.size === 0);
    expect(await news.listen('count', { to: 1 }).until(1)).toEqual([
      expect.stringContaining('ENDED NO_HEALTHY_UPSTREAM '),
    ]);
  });
});
