/** A number of requests at once to one place, each timed. */
import { Agent, request as send } from 'node:http';

/** Every answer must have this in it, whole or over its chunks. */
const LAST_WORD = 'word49';

/**
 * Sends `count` requests, `atOnce` at a time, and resolves with their times in milliseconds: to the whole answer, and
 * of a stream also to its first text. Throws when an answer is not complete.
 */
export async function run(target, { count, atOnce, stream }) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const body = JSON.stringify({
    model: target.model,
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: 'Write the names of twenty novels about the sea, and say what each of them is about.' },
    ],
    temperature: 0.7,
    max_tokens: 200,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
  const whole = [];
  const first = [];
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const times = await ask(target, agent, body, stream);
      whole.push(times.whole);
      first.push(times.first);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  agent.destroy();
  return { whole, first };
}

function ask(target, agent, body, stream) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const headers = {
      ...target.headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const request = send(`${target.url}/chat/completions`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      let first;
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
        if (first === undefined && text.includes('Twenty')) first = performance.now() - started;
      });
      response.on('error', reject).on('end', () => {
        const complete = text.includes(LAST_WORD) && (!stream || text.includes('[DONE]'));
        if (response.statusCode === 200 && complete) resolve({ whole: performance.now() - started, first });
        else reject(new Error(`${target.name} answered ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    request.on('error', reject).end(body);
  });
}

export function quantile(numbers, q) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
