/**
 * A stand-in for a language model that works by rules: no model at all. It speaks OpenAI's chat format, whole and
 * streamed, so that the demo's prompts run with no vendor's account.
 */
import { createServer } from 'node:http';
import { portFromArguments } from '../shared/http.mjs';

const PIECE_MS = 40;
const HOOKS = [
  'Once opened, it does not let go',
  'A book for one long evening',
  'You will want to lend it, and not to lend it',
];
const WORDS = {
  FR: {
    good: 'bonne',
    day: 'journée',
    hello: 'bonjour',
    the: 'le',
    sea: 'mer',
    whale: 'baleine',
    book: 'livre',
    and: 'et',
  },
  DE: { good: 'guten', day: 'Tag', hello: 'hallo', the: 'das', sea: 'Meer', whale: 'Wal', book: 'Buch', and: 'und' },
};

let behaviour = 'normal';

const server = createServer(async (request, response) => {
  if (behaviour === 'slow') await pause(2500);
  if (behaviour === 'errors') return fail(response, 503, 'Told to fail.');
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return fail(response, 404, 'Nothing here.');
  let text = '';
  for await (const chunk of request) text += chunk;
  let asked;
  try {
    asked = JSON.parse(text);
  } catch {
    return fail(response, 400, 'The body is not JSON.');
  }
  const content = phrase(variablesOf(asked.messages));
  const words = (value) => String(value).split(/\s+/).length;
  const usage = { prompt_tokens: words(text), completion_tokens: words(content) };
  const head = { id: 'rules-1', created: 0, model: asked.model };
  const all = { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens };
  if (asked.stream === true) return stream(response, head, content, all);
  response.writeHead(200, { 'content-type': 'application/json' });
  const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' };
  response.end(JSON.stringify({ ...head, object: 'chat.completion', choices: [choice], usage: all }));
});

/** The values stand as a JSON object in the last message of the user. */
function variablesOf(messages = []) {
  const last = messages.findLast(({ role }) => role === 'user')?.content;
  const text = typeof last === 'string' ? last : (last ?? []).map((part) => part.text ?? '').join('');
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return {};
  }
}

function phrase({ title, text, to }) {
  if (title !== undefined)
    return `${title}: ${HOOKS[title.length % HOOKS.length]}. (Written by rules, not by a model.)`;
  const known = WORDS[to] ?? {};
  return String(text ?? '').replace(/[a-z]+/gi, (word) => known[word.toLowerCase()] ?? word);
}

async function stream(response, head, content, usage) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (choices, more = {}) =>
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
  for (const piece of content.match(/\S+\s*/g) ?? []) {
    send([{ index: 0, delta: { content: piece }, finish_reason: null }]);
    await pause(PIECE_MS);
    if (response.destroyed) return;
  }
  send([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  send([], { usage });
  response.end('data: [DONE]\n\n');
}

function fail(response, status, message) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'behaviour' in message) behaviour = message.behaviour;
});
const stop = () => process.exit(0);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (process.connected) process.on('disconnect', stop);
server.listen(portFromArguments(), '127.0.0.1', () => {
  const { port } = server.address();
  if (process.connected) process.send({ port });
  else console.log(`listening on http://127.0.0.1:${port}`);
});
