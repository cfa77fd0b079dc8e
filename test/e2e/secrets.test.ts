import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FaultServer, startFaultServer } from '../support/fault-server.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const document = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'vault', version: '1' },
  paths: {
    '/thing': {
      get: {
        operationId: 'thing',
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { schema: { type: 'object', properties: { ok: { type: 'boolean' } } } } },
          },
        },
      },
    },
  },
});

/** Every kind of secret an admin gives away, by a text that is nowhere else. */
const SECRETS = {
  bearer: 'hush-bearer-0a1b2c3d',
  basic: 'hush-basic-4e5f6a7b',
  header: 'hush-header-8c9d0e1f',
  query: 'hush-query-2a3b4c5d',
  cookie: 'hush-cookie-6e7f8a9b',
  oauth2: 'hush-client-0c1d2e3f',
  token: 'hush-token-4a5b6c7d',
  plain: 'hush-static-header-8e9f0a1b',
};
const AUTHS: Readonly<Record<string, object>> = {
  bearer: { bearer: { token: SECRETS.bearer } },
  basic: { basic: { username: 'weir', password: SECRETS.basic } },
  header: { apiKey: { in: 'HEADER', name: 'x-api-key', value: SECRETS.header } },
  query: { apiKey: { in: 'QUERY', name: 'key', value: SECRETS.query } },
  cookie: { apiKey: { in: 'COOKIE', name: 'key', value: SECRETS.cookie } },
};

/** Those of models' vendors: they are not sent in these tests. */
const VENDOR_SECRETS = {
  apiKey: 'hush-vendor-key-2c3d4e5f',
  accessKey: 'hush-vendor-access-6a7b8c9d',
  session: 'hush-vendor-session-0e1f2a3b',
  header: 'hush-vendor-header-4c5d6e7f',
};
const ALL_SECRETS = [...Object.values(SECRETS), ...Object.values(VENDOR_SECRETS)];

let folder: string;
let upstream: FaultServer;
let gateway: ChildProcess;
let endpoint: string;
let adminKey = '';
/** Everything the process wrote, and every answer it gave. */
let written = '';
const answers: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-secrets-'));
  upstream = await startFaultServer();
  upstream.behave((request) =>
    request.path === '/token'
      ? { kind: 'answer', body: { access_token: SECRETS.token, token_type: 'Bearer', expires_in: 3600 } }
      : { kind: 'answer', body: { ok: true } },
  );
  gateway = spawn(process.execPath, [main, 'start', '--port', '0', '--data-dir', folder, '--log-level', 'debug'], {
    env: { PATH: process.env.PATH ?? '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let start = '';
  const banner = new Promise<void>((resolve) => {
    gateway.stderr?.on('data', (chunk: Buffer) => {
      // The banner shows a new admin's key, once; what comes after it must not.
      if (adminKey !== '') written += chunk;
      else start += chunk;
      adminKey ||= /weir_sk_\S+/.exec(start)?.[0] ?? '';
      if (adminKey !== '') resolve();
    });
  });
  gateway.stdout?.on('data', (chunk: Buffer) => {
    written += chunk;
  });
  await banner;
  endpoint = /http:\S+\/graphql/.exec(start)?.[0] ?? '';
});
afterAll(async () => {
  if (gateway.exitCode === null) {
    const closed = once(gateway, 'close');
    gateway.kill('SIGKILL');
    await closed;
  }
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends one request and keeps all of its answer. */
async function send(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'weir-key': adminKey, 'weir-trace': '1', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  answers.push(`${JSON.stringify([...response.headers])} ${text}`);
  return text;
}

const REGISTER = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name state } }';
const SET_PROVIDER = 'mutation ($input: ProviderInput!) { setProvider(input: $input) { name credential } }';
const rest = (auth: object | undefined) => ({
  document,
  endpoints: [{ url: upstream.url }],
  headers: [{ name: 'x-static', value: SECRETS.plain }],
  ...(auth === undefined ? {} : { auth }),
});

describe('secrets', () => {
  test('reach the upstream', async () => {
    const oauth2 = { tokenUrl: `${upstream.url}/token`, clientId: 'weir', clientSecret: SECRETS.oauth2 };
    const auths = { ...AUTHS, oauth2: { oauth2 }, oauth2Body: { oauth2: { ...oauth2, clientAuthentication: 'BODY' } } };
    for (const [name, auth] of Object.entries(auths)) {
      expect(await send(REGISTER, { input: { name, rest: rest(auth) } })).not.toContain('errors');
      expect(await send(`mutation { publishSource(name: "${name}") { name } }`)).not.toContain('errors');
      expect(JSON.parse(await send(`{ ${name} { thing { ok } } }`))).toMatchObject({
        data: { [name]: { thing: { ok: true } } },
      });
    }
    const arrived = upstream.requests
      .map(({ path, headers, body }) => `${path} ${JSON.stringify(headers)} ${String(body)}`)
      .join('\n');
    const basic = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64');
    const shapes = { ...SECRETS, basic: basic('weir', SECRETS.basic), oauth2Basic: basic('weir', SECRETS.oauth2) };
    for (const secret of Object.values(shapes)) expect(arrived).toContain(secret);
  });

  test('are taken with providers', async () => {
    const { apiKey, accessKey, session, header } = VENDOR_SECRETS;
    const headers = [{ name: 'x-team-token', value: header }];
    const secretAccessKey = accessKey;
    const inputs = [
      { name: 'local', kind: 'OPENAI_COMPATIBLE', baseUrl: `${upstream.url}/v1`, credential: { apiKey }, headers },
      {
        name: 'bedrock',
        kind: 'AMAZON_BEDROCK',
        region: 'eu-central-1',
        credential: { accessKey: { accessKeyId: 'AKIA', secretAccessKey, sessionToken: session } },
      },
    ];
    for (const input of inputs) expect(await send(SET_PROVIDER, { input })).not.toContain('errors');
    // Refused, with the secrets at hand.
    const refused = { ...inputs[0], kind: 'AMAZON_BEDROCK', headers: [{ name: 'b d', value: `${header}\n` }] };
    expect(await send(SET_PROVIDER, { input: refused })).toContain('INVALID_DEFINITION');
    expect(await send(SET_PROVIDER, { input: { ...inputs[0], credential: { apiKey: [apiKey] } } })).toContain('errors');
    expect(await send('{ providers { name kind credential headers { name value } } }')).toContain('API_KEY');
  });

  test('are in no answer: of reads, of refusals, of failures', async () => {
    await send('{ sources { nodes { name revisions { number sdl note } policy { retries } } } }');
    await send('{ auditLog(first: 100) { nodes { action target detail actor { id name } } } }');
    await send('{ keys { id name } me { keyId name } }');
    await send('{ graph { sdl } }');
    // Refused with the input at hand, by Weir and by GraphQL.
    await send(REGISTER, { input: { name: '1', rest: rest({ bearer: { token: SECRETS.bearer, nope: 1 } }) } });
    await send(REGISTER, { input: { name: '1', rest: rest({ bearer: { token: [SECRETS.bearer] } }) } });
    await send(REGISTER, { input: { name: '1', rest: rest(AUTHS.basic) } });
    await send(REGISTER, { input: { name: 'x', rest: rest({ ...AUTHS.basic, ...AUTHS.bearer }) } });
    await send(REGISTER, { input: { name: 'x', rest: rest({ bearer: { token: `${SECRETS.bearer}\n` } }) } });
    await send(REGISTER, {
      input: { name: 'x', rest: { ...rest(undefined), headers: [{ name: 'b d', value: SECRETS.plain }] } },
    });
    await send(
      `mutation { registerSource(input: { name: "x", rest: { document: "", auth: { bearer: { token: "${SECRETS.bearer}"`,
    );
    // Of an upstream that repeats what it was sent.
    upstream.behave((request) => ({
      kind: 'answer',
      status: 500,
      body: { echo: request.headers, path: request.path },
    }));
    for (const name of [...Object.keys(AUTHS), 'oauth2']) await send(`{ ${name} { thing { ok } } }`);
    upstream.behave({ kind: 'reset' });
    for (const name of [...Object.keys(AUTHS), 'oauth2']) await send(`{ ${name} { thing { ok } } }`);
    await send('{ me { kind } }', {}, { 'weir-key': `${adminKey}x` });
    await send('{ me { kind } }', {}, { 'weir-key': '', authorization: `Bearer ${adminKey.slice(0, -1)}` });
    expect(answers.filter((answer) => [...ALL_SECRETS, adminKey].some((secret) => answer.includes(secret)))).toEqual(
      [],
    );
  });

  test('are in no log line, at the most talkative', async () => {
    const closed = once(gateway, 'close');
    gateway.kill('SIGTERM');
    await closed;
    expect(written).toContain('"graphVersion"');
    for (const secret of [...ALL_SECRETS, adminKey]) expect(written).not.toContain(secret);
  });

  test('are in no file of the data folder', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain('registry.db');
    for (const { parentPath, name } of files) {
      const content = readFileSync(join(parentPath, name));
      for (const secret of [...ALL_SECRETS, adminKey]) {
        for (const encoding of ['utf8', 'base64', 'hex'] as const) {
          const shape =
            encoding === 'utf8' ? secret : Buffer.from(secret).toString(encoding).replace(/=+$/, '').slice(0, -1);
          expect({ name, found: content.includes(shape) }).toEqual({ name, found: false });
        }
      }
    }
  });
});
