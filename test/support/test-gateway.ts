import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';

export const TEST_ADMIN_KEY = 'test-admin-key-0123456789-abcdefghijklmnop';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read into answers of every shape
  readonly data: any;
  readonly errors: readonly { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly extensions: any;
}

/** A whole gateway in this process, on a free port, with a data folder of its own. */
export interface TestGateway {
  readonly gateway: Gateway;
  readonly url: string;
  readonly dataDir: string;
  /** As an anonymous caller, unless headers say otherwise. */
  query(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  /** With the admin's key. */
  admin(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  /** Registers and publishes; throws when either is refused. */
  publish(input: Record<string, unknown>): Promise<void>;
  /** Ends this process's gateway and starts another on the same data. */
  restart(): Promise<TestGateway>;
  close(): Promise<void>;
}

export async function startTestGateway(
  overrides: Partial<Config> = {},
  dataDir = mkdtempSync(join(tmpdir(), 'weir-gateway-')),
): Promise<TestGateway> {
  const defaults = loadConfig({ environment: {}, directory: dataDir });
  const gateway = await createGateway({
    ...defaults,
    environment: 'test',
    port: 0,
    dataDir,
    adminKey: TEST_ADMIN_KEY,
    logLevel: 'silent',
    shutdownGraceMs: 2000,
    ...overrides,
  });
  const url = await gateway.listen();
  const query: TestGateway['query'] = (text, variables, headers) => post(`${url}/graphql`, text, variables, headers);
  const admin: TestGateway['admin'] = (text, variables, headers) =>
    query(text, variables, { 'weir-key': TEST_ADMIN_KEY, ...headers });
  return {
    gateway,
    url,
    dataDir,
    query,
    admin,
    async publish(input) {
      for (const [text, variables] of [
        ['mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', { input }],
        ['mutation ($name: ID!) { publishSource(name: $name) { name } }', { name: input.name }],
      ] as const) {
        const { errors } = await admin(text, variables);
        if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
      }
    },
    async restart() {
      await gateway.close();
      return startTestGateway(overrides, dataDir);
    },
    async close() {
      await gateway.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** One GraphQL request over HTTP. */
export async function post(
  endpoint: string,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Partial<Answer>;
  return {
    status: response.status,
    headers: response.headers,
    data: body.data ?? null,
    errors: body.errors ?? [],
    extensions: body.extensions ?? {},
  };
}
