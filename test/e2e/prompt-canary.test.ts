import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
/** In the system message of a prompt, and nowhere else. */
const CANARY = 'canary-91ce-never-to-be-told';
/** What a caller gives: it may come back in an answer, but never in a log line. */
const VALUE = 'value-3b07-of-a-caller';

let folder: string;
let server: LLMock;
let gateway: ChildProcess;
let base: string;
let adminKey = '';
/** Everything that the process wrote once it had begun. */
let written = '';
const answers: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-canary-'));
  server = new LLMock({ port: 0, logLevel: 'silent', chunkSize: 4 });
  await server.start();
  gateway = spawn(process.execPath, [main, 'start', '--port', '0', '--data-dir', folder, '--log-level', 'debug'], {
    env: { PATH: process.env.PATH ?? '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: banner, resolve } = Promise.withResolvers<void>();
  let start = '';
  gateway.stderr?.on('data', (chunk: Buffer) => {
    if (adminKey === '') start += chunk;
    else written += chunk;
    adminKey ||= /weir_sk_\S+/.exec(start)?.[0] ?? '';
    if (adminKey !== '') resolve();
  });
  gateway.stdout?.on('data', (chunk: Buffer) => {
    written += chunk;
  });
  await banner;
  base = /http:\/\/[^/\s]+/.exec(start)?.[0] ?? '';
  await admin('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', {
    name: 'acme',
    kind: 'OPENAI_COMPATIBLE',
    baseUrl: `${server.url}/v1`,
    models: [{ name: 'large' }, { name: 'small' }],
  });
  await admin(
    'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } publishSource(name: "judge") { name } }',
    {
      name: 'judge',
      visibility: 'PUBLIC',
      prompt: {
        template: `${CANARY}: judge {{text}}.`,
        variables: [{ name: 'text', type: 'String!', maxLength: 100 }],
        output: 'type Verdict { good: Boolean! }',
        models: ['acme/large', 'acme/small'],
      },
    },
  );
});
afterAll(async () => {
  if (gateway.exitCode === null) {
    const closed = once(gateway, 'close');
    gateway.kill('SIGTERM');
    await closed;
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function admin(query: string, input: object): Promise<void> {
  const answer = await send('/graphql', { query, variables: { input } }, { 'weir-key': adminKey });
  if (answer.includes('"errors"')) throw new Error(answer);
}

async function send(path: string, body: object, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'weir-trace': '1', ...headers },
    body: JSON.stringify(body),
  });
  const text = `${JSON.stringify([...response.headers])} ${await response.text()}`;
  answers.push(text);
  return text;
}

test('a system message is in no answer, error, trace or log line', async () => {
  const anything = { predicate: () => true };
  const query = `{ judge(text: "${VALUE}") { good } }`;
  const subscription = `subscription { judgeStream(text: "${VALUE}") { delta done value { good } } }`;
  const askEveryWay = async (): Promise<void> => {
    await send('/graphql', { query });
    await send('/graphql', { query: subscription }, { accept: 'text/event-stream' });
    await send('/prompts/judge', { text: VALUE });
    await send('/prompts/judge', { text: VALUE }, { accept: 'text/event-stream' });
  };
  // The vendor says it back, in ways that are no answer.
  server.on(anything, { error: { message: `what is ${CANARY}?`, type: 'server_error' }, status: 500 });
  await askEveryWay();
  server.clearFixtures();
  server.on(anything, { error: { message: CANARY, type: 'invalid_request_error' }, status: 400 });
  await askEveryWay();
  server.clearFixtures();
  server.on(anything, { content: `{"${CANARY}": 1}` });
  const before = answers.length;
  await askEveryWay();
  // What a model streams is its answer, whatever it says; everything else is Weir's own.
  const own = answers.splice(before).filter((answer) => !answer.includes('text/event-stream'));
  // A stream that an open breaker refuses before it begins is an answer of Weir's own, too.
  expect(own.length).toBeGreaterThanOrEqual(2);
  answers.push(...own);
  server.clearFixtures();
  server.on(anything, { content: '{"good":true}' });
  await askEveryWay();
  await send('/graphql', { query: `{ judge(text: "${'x'.repeat(101)}") { good } }` });

  expect(server.getRequests().some(({ body }) => JSON.stringify(body).includes(CANARY))).toBe(true);
  expect(answers.join('\n')).toContain('"good":true');
  expect(answers.join('\n')).not.toContain(CANARY);
  expect(written).toContain('"msg":"request"');
  expect(written).not.toContain(CANARY);
  expect(written).not.toContain(VALUE);
});
