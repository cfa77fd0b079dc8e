import { afterEach, describe, expect, test } from '@jest/globals';
import { execute, GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { DriftError } from '../../../../src/sources/rest/call/index.ts';
import type { AnswerPlan, UnionShape } from '../../../../src/sources/rest/plan.ts';
import type { Behaviour } from '../../../support/fault-server.ts';
import {
  answer,
  bigint,
  body,
  field,
  integer,
  json,
  list,
  object,
  operation,
  parameter,
  string,
} from './support/plans.ts';
import { type RestSource, type RestSourceOptions, startRestSource } from './support/rest-source.ts';

let source: RestSource | undefined;

async function start(options: RestSourceOptions): Promise<RestSource> {
  source = await startRestSource(options);
  return source;
}

afterEach(async () => {
  await source?.close();
  source = undefined;
});

const pet = object('Pet', [
  field('id', integer, { required: true, nullable: false }),
  field('petName', string, { property: 'name' }),
]);

async function ask(plan: AnswerPlan, behaviour: Behaviour): Promise<unknown> {
  const running = await start({ operations: [operation('op', { answer: plan })], behaviour });
  const outcome = await running.call('op');
  return outcome.kind === 'FAILED' ? outcome.failure : outcome.value;
}

const ofType = (type: string, content: string | Buffer, status = 200): Behaviour => ({
  kind: 'answer',
  status,
  headers: { 'content-type': type },
  body: content,
});

describe('answers', () => {
  test('are decoded, renamed and frozen', async () => {
    const value = await ask(answer(list(pet)), { kind: 'answer', body: [{ id: 1, name: 'Rex', more: 1 }] });
    expect(value).toEqual([{ id: 1, petName: 'Rex' }]);
    expect(Object.isFrozen(value)).toBe(true);
    expect(Object.isFrozen((value as readonly object[])[0])).toBe(true);
  });

  test('keep 64-bit integers', async () => {
    const plan = answer(object('Row', [['id', bigint]]));
    expect(await ask(plan, ofType('application/json', '{"id":9223372036854775807}'))).toEqual({
      id: 9223372036854775807n,
    });
  });

  test.each([
    ['application/json; charset=utf-8'],
    ['application/vnd.api+json'],
    ['text/plain'],
    ['application/octet-stream'],
  ])('are JSON as %s', async (type) => {
    expect(await ask(answer(pet), ofType(type, '\ufeff{"id":1}'))).toEqual({ id: 1, petName: null });
  });

  test('in another charset are decoded by it', async () => {
    const latin1 = Buffer.from('{"name":"K\xf6ln"}', 'latin1');
    expect(await ask(answer(pet), ofType('application/json; charset=iso-8859-1', latin1))).toMatchObject({
      petName: 'Köln',
    });
  });

  test('as text and as base64', async () => {
    expect(await ask(answer(string, { otherwise: { as: 'text' } }), ofType('text/csv', 'a;b\n'))).toBe('a;b\n');
    await source?.close();
    const plan = answer(string, { otherwise: { as: 'base64' } });
    expect(await ask(plan, ofType('image/png', Buffer.from([0, 255])))).toBe('AP8=');
  });

  test('without a body are true where none is described, and null where one is', async () => {
    expect(await ask(answer('none'), { kind: 'answer', status: 201, body: 'whatever' })).toBe(true);
    await source?.close();
    expect(await ask(answer(pet), { kind: 'answer', status: 204, body: '' })).toBeNull();
  });

  test('that nothing is said of are JSON, else text, else null', async () => {
    expect(await ask(answer(json), ofType('text/plain', 'pong'))).toBe('pong');
    await source?.close();
    expect(await ask(answer(json), ofType('application/json', ''))).toBeNull();
  });

  test('are read by their status', async () => {
    const made = object('Made', [['location', string]]);
    const text = { kind: 'box', typeName: 'TextBox', value: string } as const;
    const union: UnionShape = {
      kind: 'union',
      typeName: 'Result',
      discriminator: undefined,
      mapping: new Map(),
      members: [pet, made, text],
    };
    const plan = answer(union, {
      byStatus: [
        { status: '200', reading: { as: 'json', shape: pet, boxAs: pet } },
        { status: '201', reading: { as: 'json', shape: made, boxAs: made } },
        { status: '202', reading: { as: 'text' } },
        { status: '2XX', reading: { as: 'none' } },
      ],
    });
    const running = await start({ operations: [operation('op', { answer: plan })] });
    running.server.next(
      { kind: 'answer', status: 200, body: { id: 1 } },
      { kind: 'answer', status: 201, body: { location: '/x' } },
      ofType('text/plain', 'soon', 202),
      { kind: 'answer', status: 203, body: 'ignored' },
    );
    expect(await running.value('op')).toEqual({ __typename: 'Pet', id: 1, petName: null });
    expect(await running.value('op')).toEqual({ __typename: 'Made', location: '/x' });
    expect(await running.value('op')).toEqual({ __typename: 'TextBox', value: 'soon' });
    expect(await running.value('op')).toBeNull();
  });
});

describe('no answers', () => {
  test.each([
    ['a page', ofType('text/html', '<html>secret-body</html>')],
    ['XML', ofType('application/xml', '<secret-body/>')],
    ['broken JSON', ofType('application/json', '{"secret-body":')],
    ['nothing', ofType('application/json', '')],
    ['another type', ofType('application/json', '"secret-body"')],
    ['a redirect', { kind: 'redirect', to: 'http://secret-body.test/' }],
    ['a 304 that nobody asked for', { kind: 'answer', status: 304, body: '' }],
    ['endless nesting', ofType('application/json', `${'{"next":'.repeat(60_000)}1${'}'.repeat(60_000)}`)],
  ] as const)('%s: UPSTREAM_INVALID_RESPONSE, without the body', async (_name, behaviour) => {
    const node = object('Node', [['id', integer]]);
    node.fields.push(field('next', node));
    const failure = await ask(answer(node), behaviour);
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
    expect(JSON.stringify([String(failure), failure])).not.toContain('secret-body');
  });

  test.each([
    [400, 'UPSTREAM_REJECTED'],
    [401, 'UPSTREAM_REJECTED'],
    [404, 'UPSTREAM_REJECTED'],
    [422, 'UPSTREAM_REJECTED'],
    [429, 'UPSTREAM_OVERLOADED'],
    [500, 'UPSTREAM_ERROR'],
    [503, 'UPSTREAM_ERROR'],
  ])('status %d: %s, without the body', async (status, code) => {
    const failure = await ask(answer(pet), { kind: 'answer', status, body: { message: 'secret-body' } });
    expect(failure).toMatchObject({ code, status });
    expect(JSON.stringify([String(failure), failure])).not.toContain('secret-body');
  });

  test('a 404 is null where the owner says so', async () => {
    expect(await ask(answer(pet, { notFoundIsNull: true }), { kind: 'answer', status: 404 })).toBeNull();
  });
});

describe('drift', () => {
  const page = answer(
    object('Page', [
      ['items', list(pet)],
      ['total', integer],
    ]),
  );
  const drifting = {
    kind: 'answer',
    body: {
      items: [
        { id: 'secret-value', name: 'a' },
        { id: 2, name: 'b' },
      ],
      total: 2,
    },
  } as const;

  test('costs the field, if it is selected, and only then', async () => {
    const running = await start({ operations: [operation('op', { answer: page })], behaviour: drifting });
    const value = await running.value('op');
    const petType = new GraphQLObjectType({
      name: 'P',
      fields: { id: { type: GraphQLInt }, petName: { type: GraphQLString } },
    });
    const root = new GraphQLObjectType({
      name: 'Query',
      fields: { pet: { type: petType, resolve: () => (value as { items: readonly unknown[] }).items[0] } },
    });
    const schema = new GraphQLSchema({ query: root });
    expect(await execute({ schema, document: parse('{ pet { petName } }') })).toEqual({
      data: { pet: { petName: 'a' } },
    });
    const result = await execute({ schema, document: parse('{ pet { id petName } }') });
    expect(result.data).toEqual({ pet: { id: null, petName: 'a' } });
    expect(result.errors?.[0]?.originalError).toBeInstanceOf(DriftError);
    expect(result.errors?.[0]?.toJSON()).toMatchObject({
      message: 'shop answered with a value that does not fit its description: expected integer, came string.',
      path: ['pet', 'id'],
      extensions: { code: 'UPSTREAM_INVALID_RESPONSE', source: 'shop', place: '$.items[0].id' },
    });
    expect(JSON.stringify(result)).not.toContain('secret-value');
  });

  test('is counted by operation and place', async () => {
    const running = await start({
      operations: [operation('op', { answer: page }), operation('other', { answer: page })],
      behaviour: drifting,
    });
    await running.value('op');
    await running.value('op');
    await running.value('other');
    expect(running.connection.drift()).toEqual([
      {
        operation: 'op',
        place: '$.items[*].id',
        expected: 'integer',
        received: 'string',
        count: 2,
        lastSeenAt: expect.any(Number),
      },
      {
        operation: 'other',
        place: '$.items[*].id',
        expected: 'integer',
        received: 'string',
        count: 1,
        lastSeenAt: expect.any(Number),
      },
    ]);
    running.server.behave(ofType('application/json', '"text"'));
    await running.call('op');
    expect(running.connection.drift().map(({ place }) => place)).toContain('$');
  });

  test('is remembered in bounded space, whatever keys an upstream makes up', async () => {
    const wild = object(
      'Wild',
      Array.from({ length: 700 }, (_, index) => [`f${index}`, integer] as const),
    );
    const bodyOf = Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`f${index}`, 'x']));
    const running = await start({
      operations: [operation('op', { answer: answer(wild) })],
      behaviour: { kind: 'answer', body: bodyOf },
    });
    await running.value('op');
    expect(running.connection.drift()).toHaveLength(500);
  });

  test('keeps an answer out of the cache; an answer without it is kept', async () => {
    const running = await start({
      operations: [operation('op', { answer: page })],
      policy: { cache: { ttlSeconds: 60 } },
      behaviour: { kind: 'answer', body: { items: [{ id: 1 }], total: 1 } },
    });
    running.server.next(drifting);
    expect(await running.call('op')).toMatchObject({ kind: 'FRESH' });
    expect(await running.call('op')).toMatchObject({ kind: 'FRESH' });
    expect(await running.call('op')).toMatchObject({ kind: 'CACHED' });
    expect(running.server.requests).toHaveLength(2);
  });
});

describe('revalidation', () => {
  test('asks with the entity tag, and a 304 makes the old answer fresh again', async () => {
    const running = await start({ operations: [operation('op', { answer: answer(pet) })] });
    running.server.behave((request) =>
      request.headers['if-none-match'] === '"v1"'
        ? {
            kind: 'answer',
            status: 304,
            headers: { etag: '"v1"', 'cache-control': 'max-age=0, must-revalidate' },
            body: '',
          }
        : { kind: 'answer', headers: { etag: '"v1"', 'cache-control': 'max-age=0, must-revalidate' }, body: { id: 1 } },
    );
    const first = await running.value('op');
    const second = await running.call('op');
    expect(second).toMatchObject({ kind: 'FRESH', value: first });
    expect(running.server.requests.map((request) => request.headers['if-none-match'])).toEqual([undefined, '"v1"']);
  });
});

describe('revalidation that cannot be', () => {
  const rules = { 'cache-control': 'max-age=0, must-revalidate' };

  test('an entity tag that no header can hold is not sent back', async () => {
    const running = await start({
      operations: [operation('op', { answer: answer(pet) })],
      behaviour: { kind: 'answer', headers: { etag: '"\xe4"', ...rules }, body: { id: 1 } },
    });
    await running.value('op');
    expect(await running.call('op')).toMatchObject({ kind: 'FRESH', value: { id: 1 } });
    expect(running.server.requests.map((request) => request.headers['if-none-match'])).toEqual([undefined, undefined]);
  });

  test("a 304 to a condition of the client's own is no answer of ours", async () => {
    const condition = parameter('If-None-Match', 'header', { argument: 'tag' });
    const running = await start({ operations: [operation('op', { answer: answer(pet), parameters: [condition] })] });
    running.server.next({ kind: 'answer', headers: { etag: '"ours"', ...rules }, body: { id: 1 } });
    await running.value('op', { tag: '"theirs"' });
    running.server.next({ kind: 'answer', status: 304, headers: { etag: '"theirs"' }, body: '' });
    const outcome = await running.call('op', { tag: '"theirs"' });
    expect(outcome.kind === 'FAILED' || outcome.kind === 'STALE').toBe(true);
    expect(running.server.requests.map((request) => request.headers['if-none-match'])).toEqual([
      '"theirs"',
      '"theirs"',
    ]);
  });
});

describe('fallbacks', () => {
  test('a constant in the form of the graph, when the upstream is down', async () => {
    const running = await start({
      operations: [operation('op', { answer: answer(list(pet)) })],
      policy: { fallback: { value: [{ id: 0, petName: 'Nobody' }] } },
      behaviour: { kind: 'answer', status: 500 },
    });
    const outcome = await running.call('op');
    expect(outcome).toMatchObject({ kind: 'FALLBACK', value: [{ id: 0, petName: 'Nobody' }] });
  });

  test.each([[{ id: 'x' }], [{ name: 'wire name' }], [[1]]])(
    'a constant of another form, %j, is none',
    async (value) => {
      const running = await start({
        operations: [operation('op', { answer: answer(pet) })],
        policy: { fallback: { value } },
        behaviour: { kind: 'answer', status: 500 },
      });
      expect(await running.call('op')).toMatchObject({ kind: 'FAILED', failure: { status: 500 } });
    },
  );

  test('another operation of the source', async () => {
    const running = await start({
      operations: [operation('op', { answer: answer(pet) }), operation('spare', { answer: answer(pet) })],
      operationPolicies: { op: { fallback: { operation: 'spare', arguments: {} } } },
    });
    running.server.behave(({ path }) =>
      path === '/spare' ? { kind: 'answer', body: { id: 9 } } : { kind: 'answer', status: 500 },
    );
    expect(await running.call('op')).toMatchObject({ kind: 'FALLBACK', value: { id: 9, petName: null } });
  });

  test('a mutation has none', async () => {
    const running = await start({
      operations: [operation('make', { method: 'post', body: body(json), answer: answer(pet) })],
      policy: { fallback: { value: { id: 0 } } },
      behaviour: { kind: 'answer', status: 500 },
    });
    expect(await running.call('make', { input: {} })).toMatchObject({ kind: 'FAILED' });
  });
});
