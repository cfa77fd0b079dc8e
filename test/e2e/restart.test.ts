import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DemoUpstream, startUpstream } from '../../src/demo/upstreams.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const document = readFileSync(new URL('../../examples/rates/openapi.json', import.meta.url), 'utf8');
const ASK = '{ rates { convert(from: EUR, to: USD, amount: 1) { rate } } }';

/** What an admin can read of one source, apart from what only this process knows. */
const SOURCE = `query ($name: ID!) { source(name: $name) {
  name kind title description tags visibility state createdAt updatedAt latestRevision
  deprecation { reason sunsetAt }
  revisions { number note createdAt createdBy sdl live warnings { kind path message } changes { message } }
  policy { deadlineMs retries cache { ttlSeconds tags } fallback { value } }
  operations { name field policy { retries fallback { value } } }
} }`;
const REST_OF_STATE = `{
  graph { sdl }
  keys { id name role createdAt expiresAt revokedAt }
  auditLog(first: 100) { totalCount nodes { id at action target detail actor { id name } } }
}`;

let weir: TestGateway;
let upstream: DemoUpstream;

beforeAll(async () => {
  [weir, upstream] = await Promise.all([startTestGateway(), startUpstream('rates', 'rates')]);
});

afterAll(async () => {
  await Promise.all([weir.close(), upstream.close()]);
});

const must = async (query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await weir.admin(query, variables);
  expect(errors).toEqual([]);
  return data;
};

const state = async () => {
  const { sources } = await must('{ sources { nodes { name } } }');
  const names: string[] = sources.nodes.map((node: { name: string }) => node.name);
  const each = await Promise.all(names.map(async (name) => (await must(SOURCE, { name })).source));
  return { ...(await must(REST_OF_STATE)), sources: each };
};

const rest = () => ({
  document,
  endpoints: [{ url: upstream.url }],
  auth: { bearer: { token: 'token-of-the-upstream' } },
});
const graphVersion = async (): Promise<number> => (await must('{ graph { version } }')).graph.version;

describe('after a restart', () => {
  test('everything acknowledged is there, as it was', async () => {
    const register = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
    const revise = 'mutation ($input: ReviseSourceInput!) { reviseSource(input: $input) { latestRevision } }';
    await must(register, {
      input: {
        name: 'rates',
        title: 'Rates',
        description: 'Money, “changed”.',
        tags: ['money', 'ünïcode'],
        visibility: 'PUBLIC',
        rest: rest(),
        policy: { deadlineMs: 4000, cache: { ttlSeconds: 1, tags: ['money'] }, fallback: { value: { rate: 1 } } },
      },
    });
    await must('mutation { publishSource(name: "rates") { name } }');
    await must(revise, { input: { name: 'rates', rest: { ...rest(), exclude: ['getRates'] }, note: 'smaller' } });
    await must('mutation { setPolicy(source: "rates", operation: "convert", policy: { retries: 1 }) { name } }');
    for (const name of ['draft', 'old', 'gone']) await must(register, { input: { name, rest: rest() } });
    await must('mutation { publishSource(name: "old") { name } }');
    await must(
      'mutation { deprecateSource(name: "old", reason: "see rates", sunsetAt: "2031-01-01T00:00:00Z") { name } }',
    );
    await must('mutation { deleteSource(name: "gone") }');
    const { createKey } = await must('mutation { createKey(input: { name: "app" }) { secret key { id } } }');
    const before = await state();
    expect(before.sources.map((source: { name: string; state: string }) => [source.name, source.state])).toEqual([
      ['draft', 'DRAFT'],
      ['old', 'DEPRECATED'],
      ['rates', 'PUBLISHED'],
    ]);

    weir = await weir.restart();
    expect(await state()).toEqual(before);
    expect((await weir.query(ASK)).data.rates.convert.rate).toBe(1.17);
    const asApp = await weir.query('{ me { keyId role } }', {}, { 'weir-key': createKey.secret });
    expect(asApp.data.me).toEqual({ keyId: createKey.key.id, role: 'CONSUMER' });
  });

  test('the graph’s version never goes back, and goes on growing', async () => {
    let last = await graphVersion();
    for (let i = 0; i < 3; i++) {
      weir = await weir.restart();
      const started = await graphVersion();
      expect(started).toBeGreaterThanOrEqual(last);
      await must('mutation { deprecateSource(name: "rates", reason: "moving") { name } }');
      await must('mutation { publishSource(name: "rates", revision: 1) { name } }');
      last = await graphVersion();
      expect(last).toBeGreaterThanOrEqual(started + 2);
    }
    const { data } = await weir.query(ASK, {}, { 'weir-trace': '1' });
    expect(data.rates.convert.rate).toBe(1.17);
  });
});
