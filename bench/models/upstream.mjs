/**
 * The upstream of the benchmark, a process of its own: an OpenAI-compatible server that answers everything with the same
 * text, whole or as a stream. What it does itself is as little as can be.
 */
import { createServer } from 'node:http';

/** Pieces of a streamed answer, and the milliseconds between two. */
const PIECES = 50;
const PACE_MS = 2;

const words = Array.from({ length: PIECES }, (_, index) => (index === 0 ? 'Twenty' : ` word${index}`));
const usage = { prompt_tokens: 24, completion_tokens: PIECES, total_tokens: 24 + PIECES };
const head = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'stand-in-1', system_fingerprint: 'fp_1' };
const whole = Buffer.from(
  JSON.stringify({
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: words.join(''), refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
  }),
);
const chunk = (choices, more = {}) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
const choice = (delta, finish_reason = null) => [{ index: 0, delta, logprobs: null, finish_reason }];
const chunks = [
  chunk(choice({ role: 'assistant', content: '', refusal: null })),
  ...words.map((content) => chunk(choice({ content }))),
  `${chunk(choice({}, 'stop'))}${chunk([], { usage })}data: [DONE]\n\n`,
];

/** Streams under way: the number of their next chunk. */
const streams = new Map();
setInterval(() => {
  for (const [response, next] of streams) {
    if (next === chunks.length - 1 || response.destroyed) {
      streams.delete(response);
      response.end(chunks[next]);
    } else {
      response.write(chunks[next]);
      streams.set(response, next + 1);
    }
  }
}, PACE_MS);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1').on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    if (/"stream":\s*true/.test(body)) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(chunks[0]);
      streams.set(response, 1);
    } else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole);
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${server.address().port}/v1` }));
process.on('disconnect', () => process.exit(0));
