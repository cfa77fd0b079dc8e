import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret } from '../../../../src/sources/index.ts';
import { type NewsSource, newsSource } from '../support/news-source.ts';
import { until } from '../support/until.ts';

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };
const next = (data: unknown): string => `event: next\ndata: ${JSON.stringify(data)}\n\n`;

describe('subscriptions over Server-Sent Events', () => {
  let server: Server;
  let answer: RequestListener;
  let news: NewsSource;
  const requests: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const open = new Set<ServerResponse>();

  beforeEach(async () => {
    requests.length = 0;
    answer = (_, response) => void response.writeHead(200, STREAM).flushHeaders();
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      if (request.headers.accept !== 'text/event-stream') return void response.end('{"data":{"__typename":"Query"}}');
      requests.push({ headers: request.headers, body });
      open.add(response);
      response.on('close', () => open.delete(response));
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    news = await newsSource({
      endpoints: [{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` }],
      subscriptions: { transport: 'SSE', url: '/graphql/stream' },
      auth: { bearer: { token: new Secret('hush') } },
      forwardHeaders: ['x-tenant'],
    });
  });

  afterEach(async () => {
    await news.close();
    await until(() => open.size === 0);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('are one request each, with the headers of every other', async () => {
    const one = news.listen('count', { to: 3 }, { headers: { 'x-tenant': 'a', 'x-other': 'b' } });
    await until(() => open.size === 1);
    expect(requests).toMatchObject([
      {
        headers: { authorization: 'Bearer hush', 'x-tenant': 'a', 'content-type': 'application/json' },
        body: '{"query":"subscription($a0_to:Int!){f0:count(to:$a0_to)}","variables":{"a0_to":3}}',
      },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('x-other');
    for (const response of open) response.write(`:\n\n${next({ data: { f0: 1 } })}`);
    expect(await one.until(1)).toEqual([['FRESH', 1]]);
    for (const response of open) response.write('event: complete\ndata:\n\n');
    expect(await one.until(2)).toEqual([['FRESH', 1], 'END']);
  });

  test('that break off are taken up again', async () => {
    const one = news.listen('count', { to: 3 });
    await until(() => open.size === 1);
    for (const response of open) response.end();
    expect(await one.until(1)).toEqual(['INTERRUPTED UPSTREAM_ERROR connection_terminated']);
    await news.clock.advance(500);
    await until(() => open.size === 1);
    for (const response of open) response.write(next({ data: { f0: 2 } }));
    expect(await one.until(2)).toMatchObject([expect.anything(), ['FRESH', 2]]);
    for (const response of open) response.destroy();
    expect((await one.until(3))[2]).toMatch(/^INTERRUPTED /);
    await one.leave();
  });

  test.each([
    ['an event that is not JSON', 'event: next\ndata: {"data":\n\n'],
    ['an event that is no result', 'event: next\ndata: [1]\n\n'],
  ])('that bring %s end', async (_, text) => {
    answer = (_request, response) => void response.writeHead(200, STREAM).write(text);
    expect(await news.listen('count', { to: 3 }).until(2)).toEqual([
      'ENDED UPSTREAM_INVALID_RESPONSE http_protocol_error',
      'END',
    ]);
  });

  test('an event with neither data nor errors is an answer that failed', async () => {
    answer = (_, response) => void response.writeHead(200, STREAM).write(next({}) + next({ data: { f0: 1 } }));
    expect(await news.listen('count', { to: 3 }).until(2)).toEqual([
      ['FAILED', 'UPSTREAM_INVALID_RESPONSE'],
      ['FRESH', 1],
    ]);
  });

  test.each([
    [401, 'application/json', '{"errors":[{"message":"secret words"}]}', 'UPSTREAM_REJECTED'],
    [
      400,
      'application/json',
      '{"errors":[{"message":"x","extensions":{"code":"BAD_USER_INPUT"}}]}',
      'UPSTREAM_REJECTED',
    ],
    [503, 'text/plain', 'secret words', 'UPSTREAM_ERROR'],
    [200, 'application/json', '{"errors":[{"message":"x","extensions":{"code":"FORBIDDEN"}}]}', 'UPSTREAM_REJECTED'],
    [200, 'text/html', '<html>', 'UPSTREAM_INVALID_RESPONSE'],
    [200, 'application/json', '{"data":{"f0":1}}', 'UPSTREAM_INVALID_RESPONSE'],
  ])('are refused by status %i with %s', async (status, type, body, code) => {
    answer = (_, response) => void response.writeHead(status, { 'content-type': type }).end(body);
    expect(await news.listen('count', { to: 3 }).until(2)).toEqual([expect.stringContaining(`ENDED ${code} `), 'END']);
  });

  test('closing the connection ends them', async () => {
    const one = news.listen('count', { to: 3 });
    await until(() => open.size === 1);
    await news.connection.close();
    expect(await one.until(2)).toEqual(['ENDED NO_HEALTHY_UPSTREAM cancelled', 'END']);
    await until(() => open.size === 0);
  });
});
