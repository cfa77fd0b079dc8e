import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

const MESSAGES = [{ role: 'user', content: 'hello' }];
const CHAT = { model: 'acme/small', messages: MESSAGES };
const ASKED = { ...CHAT, model: 'prompt/translate' };
const LENGTH = { max_tokens: 2000 };

/** Each way in: where a stream is asked for, with what, and where the code stands in what it ends with. */
const WAYS = [
  ['/v1/chat/completions', CHAT],
  ['/v1/chat/completions', ASKED],
  ['/v1/messages', { ...CHAT, ...LENGTH }],
  ['/v1/messages', { ...ASKED, ...LENGTH }],
  ['/prompts/translate', { text: 'hello' }],
] as const;

let gateway: ModelsGateway;

beforeEach(async () => {
  gateway = await startModelsGateway({ shutdownGraceMs: 20 });
});
afterEach(() => gateway.close());

function ask(path: string, body: object, streamed: boolean): Promise<Response> {
  const accept = streamed ? 'text/event-stream' : 'application/json';
  const asked = path.startsWith('/v1') ? { ...body, stream: streamed } : body;
  return fetch(`${gateway.weir.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json', accept },
    body: JSON.stringify(asked),
  });
}

/** A vendor who needs seconds for its whole answer. */
function slowly(): void {
  gateway.vendor.on({ predicate: () => true }, { content: 'word '.repeat(120) }, { latency: 25 });
}

/** Wherever it stands. */
function codeIn(text: string): string | undefined {
  return /"code":"([A-Z_]+)"/.exec(text)?.[1];
}

describe('at the end of the grace', () => {
  test('streams under way end with a coded error', async () => {
    slowly();
    const responses = await Promise.all(WAYS.map(([path, body]) => ask(path, body, true)));
    const texts = responses.map((response) => response.text());
    await gateway.weir.gateway.close();
    for (const text of await Promise.all(texts)) {
      expect(codeIn(text.trimEnd().split('\n\n').at(-1) ?? '')).toBe('SHUTTING_DOWN');
      expect(text).toMatch(/word/);
      expect(text).not.toMatch(/\[DONE\]|message_stop|event: done/);
    }
  });

  test('answers that are not there yet are a coded error', async () => {
    let asked = 0;
    const all = Promise.withResolvers<void>();
    gateway.vendor.on({ predicate: () => true }, () => {
      asked++;
      if (asked === WAYS.length) all.resolve();
      return new Promise(() => undefined);
    });
    const waiting = WAYS.map(([path, body]) => ask(path, body, false));
    await all.promise;
    await gateway.weir.gateway.close();
    for (const response of await Promise.all(waiting)) {
      expect(response.status).toBe(503);
      expect(codeIn(await response.text())).toBe('SHUTTING_DOWN');
    }
  });
});
