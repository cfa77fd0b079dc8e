import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type PromptGateway, startPromptGateway } from '../../sources/prompt/prompt-gateway.ts';

/** What a client of either way in is told, brought to one form. */
interface Told {
  readonly status: number;
  readonly outcome: string | null;
  readonly model: string | null;
  /** The text of the answer, whole or of all pieces. */
  readonly text: string | undefined;
  /** What the answer itself says of how it was served, where it does. */
  readonly says: unknown;
  readonly code: string | undefined;
}

type Ask = (name: string, text?: string) => Promise<Told>;

const TEXT = 'Bonjour à tous';
const OTHER = 'Salut à vous';
const DOWN = { error: { message: 'vendor words', type: 'server_error' }, status: 500 };
const WAYS: readonly (readonly [string, Ask])[] = [
  ['/prompts', (name, text) => overPrompts(name, text, false)],
  ['/prompts, streamed', (name, text) => overPrompts(name, text, true)],
  ['/v1', (name, text) => overChat(name, text, false)],
  ['/v1, streamed', (name, text) => overChat(name, text, true)],
  ['/v1/messages', (name, text) => overMessages(name, text, false)],
  ['/v1/messages, streamed', (name, text) => overMessages(name, text, true)],
];

let gateway: PromptGateway;
let key: string;
let prompts = 0;

beforeAll(async () => {
  gateway = await startPromptGateway();
  const created = await gateway.admin('mutation { createKey(input: { name: "test", role: CONSUMER }) { secret } }');
  key = created.createKey.secret;
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.server.clearFixtures();
  gateway.server.clearRequests();
});

async function post(path: string, body: object, accept: string): Promise<Response> {
  return fetch(`${gateway.weir.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: tests read into answers of every shape
type Json = any;

/** The events of a body, each with its name and its data. */
function eventsOf(body: string): readonly { readonly name: string | undefined; readonly data: string }[] {
  return body
    .trimEnd()
    .split('\n\n')
    .map((event) => ({ name: /^event: (.*)$/m.exec(event)?.[1], data: /^data: (.*)$/m.exec(event)?.[1] ?? '' }));
}

async function overPrompts(name: string, text = 'Hello', streamed: boolean): Promise<Told> {
  const accept = streamed ? 'text/event-stream' : 'application/json';
  const response = await post(`/prompts/${name}`, { text, to: 'FR' }, accept);
  const head = headOf(response);
  const body = await response.text();
  if (streamed && response.status === 200) {
    const events = eventsOf(body);
    const last = events.at(-1);
    const told: Json = JSON.parse(last?.data ?? '');
    const deltas = events.slice(0, -1).map(({ data }) => (JSON.parse(data) as { delta: string }).delta);
    const code = last?.name === 'error' ? told.errors[0].extensions.code : undefined;
    const says = last?.name === 'done' ? { outcome: told.outcome, model: told.model } : undefined;
    return { ...head, text: deltas.join(''), says, code };
  }
  const told: Json = JSON.parse(body);
  if (response.status !== 200) {
    return { ...head, text: undefined, says: undefined, code: told.errors[0].extensions.code };
  }
  const value = typeof told.value === 'string' ? told.value : JSON.stringify(told.value);
  return { ...head, text: value, says: { outcome: told.outcome, model: told.model }, code: undefined };
}

async function overChat(name: string, text = 'Hello', streamed: boolean): Promise<Told> {
  const messages = [{ role: 'user', content: JSON.stringify({ text, to: 'FR' }) }];
  const response = await post('/v1/chat/completions', { model: `prompt/${name}`, messages, stream: streamed }, '*/*');
  const head = headOf(response);
  const body = await response.text();
  if (streamed && response.status === 200) {
    const data = eventsOf(body).map((event) => event.data);
    const done = data.at(-1) === '[DONE]';
    const chunks: readonly Json[] = data.slice(0, done ? -1 : undefined).map((each) => JSON.parse(each));
    const deltas = chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? '');
    return { ...head, text: deltas.join(''), says: undefined, code: done ? undefined : chunks.at(-1).error.code };
  }
  const told: Json = JSON.parse(body);
  if (response.status !== 200) return { ...head, text: undefined, says: undefined, code: told.error.code };
  return { ...head, text: told.choices[0].message.content, says: undefined, code: undefined };
}

async function overMessages(name: string, text = 'Hello', streamed: boolean): Promise<Told> {
  const messages = [{ role: 'user', content: JSON.stringify({ text, to: 'FR' }) }];
  const asked = { model: `prompt/${name}`, max_tokens: 100, messages, stream: streamed };
  const response = await post('/v1/messages', asked, '*/*');
  const head = headOf(response);
  const body = await response.text();
  if (streamed && response.status === 200) {
    const events: readonly Json[] = eventsOf(body).map(({ data }) => JSON.parse(data));
    const deltas = events.map(({ delta }) => delta?.text ?? '');
    return { ...head, text: deltas.join(''), says: undefined, code: events.at(-1).error?.code };
  }
  const told: Json = JSON.parse(body);
  if (response.status !== 200) return { ...head, text: undefined, says: undefined, code: told.error.code };
  return { ...head, text: told.content[0].text, says: undefined, code: undefined };
}

function headOf({ status, headers }: Response): Pick<Told, 'status' | 'outcome' | 'model'> {
  return { status, outcome: headers.get('weir-outcome'), model: headers.get('weir-model') };
}

/** Publishes a prompt of its own, over a first model and a backup. */
async function published(policy: object = {}, more: object = {}): Promise<string> {
  const name = `rung${++prompts}`;
  await gateway.publish(name, more, { policy: { retries: 1, ...policy } });
  return name;
}

function answers(large: object, small: object = DOWN): void {
  gateway.server.clearFixtures();
  gateway.server.on({ model: 'large' }, large as never);
  gateway.server.on({ model: 'small' }, small as never);
}

function served(told: Told, outcome: string, model: string | null, text = TEXT): void {
  expect(told).toMatchObject({ status: 200, outcome, model, text, code: undefined });
  if (told.says !== undefined) expect(told.says).toEqual({ outcome, model });
}

describe.each(WAYS)('every rung over %s', (_way, ask) => {
  test('FRESH, then CACHED, which no model answers', async () => {
    const name = await published({}, { parameters: { temperature: 0 } });
    answers({ content: TEXT });
    served(await ask(name), 'FRESH', 'acme/large');
    const asked = gateway.server.getRequests().length;
    served(await ask(name), 'CACHED', null);
    expect(gateway.server.getRequests()).toHaveLength(asked);
  });

  test('BACKUP: the next model, by its name', async () => {
    const name = await published();
    answers(DOWN, { content: OTHER });
    served(await ask(name), 'BACKUP', 'other/small', OTHER);
  });

  test('STALE: what was kept, once no model answers', async () => {
    const name = await published({ cache: { staleSeconds: 600 } });
    answers({ content: TEXT });
    served(await ask(name), 'FRESH', 'acme/large');
    answers(DOWN);
    served(await ask(name), 'STALE', null);
  });

  test('FALLBACK: what the policy says', async () => {
    const name = await published({ fallback: { value: 'Pas de réponse' } });
    answers(DOWN);
    served(await ask(name), 'FALLBACK', null, 'Pas de réponse');
  });

  test('FALLBACK names no model either when one wrote what was good for nothing', async () => {
    const fallback = { value: { words: 0 } };
    const name = await published({ fallback }, { output: 'type Count { words: Int! }' });
    const wrong = { content: '{"words":"many"}' };
    answers(wrong, wrong);
    const told = await ask(name);
    // Pieces that have left cannot be taken back: a stream that turned out wrong ends with an error.
    if (told.code !== undefined) expect(told).toMatchObject({ status: 200, code: 'UPSTREAM_INVALID_RESPONSE' });
    else served(told, 'FALLBACK', null, '{"words":0}');
  });

  test('at last a coded error, without a word of the vendor', async () => {
    const name = await published();
    answers(DOWN);
    const told = await ask(name);
    expect(told).toMatchObject({ status: 502, outcome: null, model: null, code: 'UPSTREAM_ERROR' });
    expect(JSON.stringify(told)).not.toContain('vendor words');
  });

  test('a refusal is an answer: no other rung takes its place', async () => {
    const name = await published({ cache: { staleSeconds: 600 }, fallback: { value: 'Pas de réponse' } });
    answers({ content: TEXT });
    served(await ask(name), 'FRESH', 'acme/large');
    answers({ content: '', refusal: 'No.', finishReason: 'content_filter' }, { content: OTHER });
    expect(await ask(name)).toMatchObject({ status: 422, code: 'CONTENT_FILTERED' });
  });
});

describe.each(WAYS.filter(([way]) => way.endsWith('streamed')))('a stream over %s', (_way, ask) => {
  test('that breaks before its first piece is the next model’s', async () => {
    const name = await published();
    gateway.server.on({ model: 'large' }, { content: TEXT }, { truncateAfterChunks: 1 });
    gateway.server.on({ model: 'small' }, { content: OTHER });
    served(await ask(name), 'BACKUP', 'other/small', OTHER);
  });

  test('that breaks after it ends with a coded error, whatever else there would be', async () => {
    const name = await published({ cache: { staleSeconds: 600 }, fallback: { value: 'Pas de réponse' } });
    answers({ content: TEXT });
    served(await ask(name), 'FRESH', 'acme/large');
    gateway.server.clearFixtures();
    gateway.server.on({ model: 'large' }, { content: TEXT }, { truncateAfterChunks: 3, latency: 20 });
    const told = await ask(name);
    expect(told).toMatchObject({ status: 200, outcome: 'FRESH', code: 'UPSTREAM_INVALID_RESPONSE', says: undefined });
    expect(TEXT.startsWith(told.text ?? '?')).toBe(true);
    expect(told.text).not.toBe('');
  });
});
