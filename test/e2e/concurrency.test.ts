import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FaultServer, startFaultServer } from '../support/fault-server.ts';
import { type Answer, post, startTestGateway, TEST_ADMIN_KEY, type TestGateway } from '../support/test-gateway.ts';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const figures = new URL('../../bench/figures/', import.meta.url);

/** A document whose only operation answers with one field, named for the version. */
const documentOf = (version: number) =>
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'things', version: String(version) },
    paths: {
      '/thing': {
        get: {
          operationId: 'thing',
          responses: {
            200: {
              description: 'ok',
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    properties: { name: { type: 'string' }, [`v${version}`]: { type: 'integer' } },
                  },
                },
              },
            },
          },
        },
      },
    },
  });

let weir: TestGateway;
let upstream: FaultServer;

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('dist/main.js is missing: `npm test` builds it');
  [weir, upstream] = await Promise.all([startTestGateway(), startFaultServer()]);
  upstream.behave({ kind: 'answer', body: { name: 'thing' } });
});
afterAll(async () => {
  await Promise.all([weir.close(), upstream.close()]);
});

const rest = (version: number) => ({ document: documentOf(version), endpoints: [{ url: upstream.url }] });
const must = async (query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await weir.admin(query, variables);
  expect(errors).toEqual([]);
  return data;
};
const REVISE = 'mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { latestRevision } }';
const PUBLISH = 'mutation ($name: ID!) { publishSource(name: $name, acceptBreaking: true) { live { number } } }';
const codes = (answers: readonly Answer[]) => answers.map(({ errors }) => errors[0]?.extensions.code ?? 'ok').sort();

describe('mutations at the same time', () => {
  test('on one source: one wins, the others are told of a conflict', async () => {
    const register = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
    const registered = await Promise.all(
      Array.from({ length: 8 }, () => weir.admin(register, { input: { name: 'one', rest: rest(1) } })),
    );
    expect(codes(registered)).toEqual([...Array(7).fill('CONFLICT'), 'ok']);
    const published = await Promise.all(Array.from({ length: 8 }, () => weir.admin(PUBLISH, { name: 'one' })));
    expect(codes(published)).toEqual([...Array(7).fill('CONFLICT'), 'ok']);
    const mixed = await Promise.all([
      weir.admin(REVISE, { input: { name: 'one', rest: rest(2) } }),
      weir.admin('mutation { deprecateSource(name: "one", reason: "x") { name } }'),
      weir.admin('mutation { pauseSource(name: "one") { name } }'),
      weir.admin('mutation { setPolicy(source: "one", policy: { retries: 0 }) { name } }'),
    ]);
    expect(codes(mixed)).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'ok']);
    // Every one that was acknowledged, and no other, is in the log.
    const { auditLog } = await must('{ auditLog(first: 50) { nodes { action target } } }');
    expect(auditLog.nodes.filter((entry: { target: string }) => entry.target === 'source:one')).toHaveLength(3);
  });

  test('on different sources all win, and none undoes another', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `side${i}`);
    const { version } = (await must('{ graph { version } }')).graph;
    await Promise.all(names.map((name) => weir.publish({ name, visibility: 'PUBLIC', rest: rest(1) })));
    const answer = await weir.query(`{ ${names.map((name) => `${name} { thing { name } }`).join(' ')} }`);
    expect(answer.errors).toEqual([]);
    expect(Object.keys(answer.data).sort()).toEqual(names);
    expect((await must('{ graph { version } }')).graph.version).toBe(version + names.length);
  });
});

describe('publishing while clients query', () => {
  test('twenty publications lose no request, and versions only grow', async () => {
    await weir.publish({ name: 'moving', visibility: 'PUBLIC', rest: rest(1) });
    let running = true;
    const wrong: unknown[] = [];
    const client = async (): Promise<number> => {
      let last = 0;
      let count = 0;
      for (; running; count++) {
        const answer = await weir.query(
          '{ moving { thing { name } } side0 { thing { name } } }',
          {},
          { 'weir-trace': '1' },
        );
        const version: number = answer.extensions.weir.graphVersion;
        const whole = answer.data?.moving?.thing?.name === 'thing' && answer.data?.side0?.thing?.name === 'thing';
        if (!whole || answer.errors.length > 0 || version < last) wrong.push(answer);
        last = version;
      }
      return count;
    };
    const clients = Array.from({ length: 4 }, client);
    for (let version = 2; version <= 21; version++) {
      await must(REVISE, { input: { name: 'moving', rest: rest(version) } });
      await must(PUBLISH, { name: 'moving' });
      const served = await weir.query(`{ moving { thing { name v${version} } } }`);
      expect(served.errors).toEqual([]);
    }
    running = false;
    const counts = await Promise.all(clients);
    expect(wrong).toEqual([]);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  test('a request in flight finishes on the version it began with, even when its source is retired', async () => {
    await weir.publish({ name: 'leaving', visibility: 'PUBLIC', rest: rest(1) });
    const { version } = (await must('{ graph { version } }')).graph;
    const { promise, resolve } = Promise.withResolvers<void>();
    const calls = upstream.requests.length;
    upstream.next({ kind: 'gate', until: promise, fault: { kind: 'answer', body: { name: 'late', v1: 7 } } });
    const pending = weir.query('{ leaving { thing { name v1 } } }', {}, { 'weir-trace': '1' });
    await upstream.until(({ requests }) => requests.length > calls);
    await must('mutation { deprecateSource(name: "leaving", reason: "gone soon") { state } }');
    await must('mutation { retireSource(name: "leaving") { state } }');
    expect((await weir.query('{ leaving { thing { name } } }')).status).toBe(400);
    resolve();
    const answer = await pending;
    expect(answer.errors).toEqual([]);
    expect(answer.data).toEqual({ leaving: { thing: { name: 'late', v1: 7 } } });
    expect(answer.extensions.weir.graphVersion).toBe(version);
  });
});

describe('the end of the process', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-end-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Longer than any test: whatever would only end with it fails.
  const GRACE = { WEIR_SHUTDOWN_GRACE_MS: '600000' };

  async function startProcess(): Promise<{ child: ChildProcess; endpoint: string }> {
    const child = spawn(process.execPath, [main, 'start', '--json', '--port', '0', '--data-dir', folder], {
      env: { PATH: process.env.PATH ?? '', WEIR_ADMIN_KEY: TEST_ADMIN_KEY, WEIR_LOG_LEVEL: 'silent', ...GRACE },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    return { child, endpoint: (JSON.parse(String(line)) as { graphql: string }).graphql };
  }

  test('SIGTERM lets a request in flight finish, takes no new one, and exits with 0', async () => {
    const { child, endpoint } = await startProcess();
    const admin = { 'weir-key': TEST_ADMIN_KEY };
    const input = { name: 'slow', visibility: 'PUBLIC', rest: rest(1) };
    const register = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
    expect((await post(endpoint, register, { input }, admin)).errors).toEqual([]);
    expect((await post(endpoint, PUBLISH, { name: 'slow' }, admin)).errors).toEqual([]);
    const { promise, resolve } = Promise.withResolvers<void>();
    const calls = upstream.requests.length;
    upstream.next({ kind: 'gate', until: promise, fault: { kind: 'answer', body: { name: 'late' } } });
    const pending = post(endpoint, '{ slow { thing { name } } }');
    await upstream.until(({ requests }) => requests.length > calls);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    // Refused from the moment on that it stopped to listen.
    for (;;) {
      const alive = await fetch(endpoint.replace('/graphql', '/health'), { headers: { connection: 'close' } }).then(
        (response) => response.ok,
        () => false,
      );
      if (!alive) break;
    }
    resolve();
    expect((await pending).data).toEqual({ slow: { thing: { name: 'late' } } });
    expect(await closed).toEqual([0, null]);
  });

  test('kill -9 in the middle of mutations loses none that was acknowledged, and leaves no half of one', async () => {
    const { measureKills } = (await import(new URL('kill-nine.mjs', figures).href)) as {
      measureKills(kills: number): Promise<{ kills: number; sources: number; wrong: readonly string[] }>;
    };
    const { sources, wrong } = await measureKills(3);
    expect(wrong).toEqual([]);
    expect(sources).toBeGreaterThan(0);
  }, 60_000);
});
