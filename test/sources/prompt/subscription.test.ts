import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type PromptGateway, startPromptGateway } from './prompt-gateway.ts';

let gateway: PromptGateway;
beforeEach(async () => {
  gateway = await startPromptGateway();
});
afterEach(() => gateway.close());

const CONTENT = 'Bonjour à tous et bienvenue.';
const QUERY = `subscription { translateStream(text: "Hello", to: FR) {
  delta done value usage { model inputTokens outputTokens costUsd }
} }`;

interface Result {
  readonly data?: { readonly translateStream: Record<string, unknown> | null } | null;
  readonly errors?: readonly { readonly extensions?: Record<string, unknown> }[];
}

/** Everything that comes, by either transport. */
async function received(transport: 'SSE' | 'WebSocket'): Promise<readonly Result[]> {
  const url = `${gateway.weir.url}/graphql`;
  const results: Result[] = [];
  const client =
    transport === 'SSE'
      ? createSseClient({ url, retryAttempts: 0 })
      : createWsClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sink = { next: (result: unknown) => results.push(result as Result), error: reject, complete: resolve };
  client.subscribe({ query: QUERY }, sink as never);
  await promise;
  await client.dispose();
  return results;
}

test.each(['SSE', 'WebSocket'] as const)(
  'an answer comes in pieces over %s, the last with all of it',
  async (transport) => {
    gateway.server.on({ predicate: () => true }, { content: CONTENT }, { latency: 5 });
    await gateway.publish('translate');
    const pieces = (await received(transport)).map(({ data }) => data?.translateStream);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.map((piece) => piece?.delta).join('')).toBe(CONTENT);
    expect(pieces.slice(0, -1).every((piece) => piece?.done === false && piece.usage === null)).toBe(true);
    expect(pieces.at(-1)).toEqual({
      delta: '',
      done: true,
      value: CONTENT,
      usage: {
        model: 'acme/large',
        inputTokens: expect.any(Number),
        outputTokens: expect.any(Number),
        costUsd: expect.any(Number),
      },
    });
  },
);

test.each(['SSE', 'WebSocket'] as const)('a stream that breaks ends with a coded error over %s', async (transport) => {
  gateway.server.on({ predicate: () => true }, { content: CONTENT }, { truncateAfterChunks: 3, latency: 20 });
  await gateway.publish('translate');
  const results = await received(transport);
  expect(results[0]?.data?.translateStream).toMatchObject({ delta: expect.any(String), done: false });
  expect(results.at(-1)?.errors?.[0]?.extensions).toMatchObject({
    code: 'UPSTREAM_INVALID_RESPONSE',
    source: 'translate',
  });
});
