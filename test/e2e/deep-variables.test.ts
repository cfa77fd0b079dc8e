import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { type CountingServer, startCountingServer } from '../support/counting-server.ts';
import { openapi } from '../support/rest-gateway.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const DOCUMENT = openapi({
  '/notes': {
    post: {
      operationId: 'addNote',
      requestBody: { content: { 'application/json': { schema: {} } } },
      responses: { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'string' } } } } },
    },
  },
});
const QUERY = 'mutation ($note: JSON) { notes { addNote(input: $note) } }';

/** Written by hand: `JSON.stringify` itself does not get that deep. */
const body = (levels: number, [open, close]: readonly [string, string] = ['[', ']']): string =>
  `{"query":${JSON.stringify(QUERY)},"variables":{"note":${open.repeat(levels)}1${close.repeat(levels)}}}`;

describe('a variable that is nested without sense is refused before anything runs', () => {
  let weir: TestGateway;
  let upstream: CountingServer;

  beforeAll(async () => {
    upstream = await startCountingServer(() => 'kept');
    weir = await startTestGateway();
    const rest = { document: JSON.stringify(DOCUMENT), endpoints: [{ url: upstream.url }] };
    await weir.publish({ name: 'notes', visibility: 'PUBLIC', rest });
  });
  afterAll(async () => {
    await weir.close();
    await upstream.close();
  });

  const post = (text: string, accept: string): Promise<Response> =>
    fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: text,
    });

  async function overWebSocket(payload: string): Promise<string> {
    const socket = new WebSocket(`${weir.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    try {
      await once(socket, 'open');
      socket.send('{"type":"connection_init"}');
      await once(socket, 'message');
      const answer = once(socket, 'message');
      socket.send(`{"type":"subscribe","id":"1","payload":${payload}}`);
      return String((await answer)[0]);
    } finally {
      socket.close();
    }
  }

  const refusal = 'Variable \\"$note\\" must have at most 64 levels of lists and objects; it has more.';

  test.each([
    ['lists', 65, ['[', ']']],
    ['objects', 65, ['{"a":', '}']],
    ['lists', 100_000, ['[', ']']],
    ['objects', 40_000, ['{"a":', '}']],
  ] as const)('%s, %i levels', async (_, levels, brackets) => {
    const text = body(levels, brackets);
    const answers = [
      await (await post(text, 'application/json')).text(),
      await (await post(text, 'text/event-stream')).text(),
      await overWebSocket(text),
    ];
    for (const answer of answers) {
      expect(answer).toContain(refusal);
      expect(answer).toContain('"code":"BAD_USER_INPUT"');
    }
    expect(upstream.arrived).toEqual([]);
  });

  test('64 levels go through', async () => {
    const response = await post(body(64), 'application/json');
    expect(await response.json()).toEqual({ data: { notes: { addNote: 'kept' } } });
  });
});
