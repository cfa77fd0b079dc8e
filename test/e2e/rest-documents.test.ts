import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getting, openapi, type RestGateway, startRestGateway } from '../support/rest-gateway.ts';

let rest: RestGateway;
beforeAll(async () => {
  rest = await startRestGateway();
});
afterAll(() => rest.close());

/** Publishes a GET of this schema and asks it for an answer. */
async function answered(name: string, schema: object, body: unknown, selection: string, more: object = {}) {
  await rest.publish(name, openapi({ '/thing': getting('getThing', schema) }, more));
  rest.upstream.next({ kind: 'answer', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const { data, errors } = await rest.weir.query(`{ ${name} { getThing ${selection} } }`);
  expect(errors).toEqual([]);
  return data[name].getThing;
}

const text = { type: 'string' };

describe('dialects', () => {
  const yaml = (version: string) => `
${version}
info: { title: Shop, version: "1" }
paths:
  /pets/{petId}:
    get:
      operationId: get-pet
      parameters: [{ name: petId, in: path, required: true, `;

  test.each([
    [
      'two',
      `${yaml('swagger: "2.0"')} type: integer }]\n      produces: [application/json]\n      responses: { 200: { description: ok, schema: { $ref: "#/definitions/Pet" } } }\ndefinitions:\n  Pet: { type: object, properties: { name: { type: string, x-nullable: true } } }\n`,
    ],
    [
      'three',
      `${yaml('openapi: 3.0.3')} schema: { type: integer } }]\n      responses: { 200: { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } }\ncomponents:\n  schemas:\n    Pet: { type: object, properties: { name: { type: string, nullable: true } } }\n`,
    ],
    [
      'newer',
      `${yaml('openapi: 3.1.0')} schema: { type: integer } }]\n      responses: { 200: { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } }\ncomponents:\n  schemas:\n    Pet: { type: object, properties: { name: { type: [string, "null"] } } }\n`,
    ],
  ])('a document of dialect %s, in YAML', async (name, document) => {
    await rest.publish(name, document);
    rest.upstream.next({ kind: 'answer', body: { name: null } });
    const { data, errors } = await rest.weir.query(`{ ${name} { getPet(petId: 7) { name } } }`);
    expect(errors).toEqual([]);
    expect(data[name].getPet).toEqual({ name: null });
    expect(rest.upstream.requests.at(-1)?.path).toBe('/pets/7');
    const drift = await rest.weir.admin('query ($name: ID!) { source(name: $name) { drift { path } } }', { name });
    expect(drift.data.source.drift).toEqual([]);
  });

  test('references to other documents are fetched, relative to where the document came from', async () => {
    const documents: Record<string, string> = {
      '/api/openapi.yaml':
        'openapi: 3.1.0\ninfo: { title: a, version: "1" }\npaths: { /thing: { $ref: "paths/thing.json" } }\n',
      '/api/paths/thing.json': JSON.stringify(getting('getThing', { $ref: '../types.yaml#/Node' })),
      '/api/types.yaml': 'Node: { type: object, properties: { id: { type: string }, next: { $ref: "#/Node" } } }\n',
    };
    rest.upstream.behave(({ path }) => ({
      kind: 'answer',
      body: documents[path] ?? { id: 'a', next: { id: 'b', next: null } },
    }));
    const { url } = rest.upstream;
    await rest.weir.publish({
      name: 'spread',
      visibility: 'PUBLIC',
      rest: { url: `${url}/api/openapi.yaml`, endpoints: [{ url }] },
    });
    const { data, errors } = await rest.weir.query('{ spread { getThing { id next { id next { id } } } } }');
    rest.upstream.behave({ kind: 'answer' });
    expect(errors).toEqual([]);
    expect(data.spread.getThing).toEqual({ id: 'a', next: { id: 'b', next: null } });
  });
});

describe('types', () => {
  test('allOf is one type, with required merged', async () => {
    const base = { type: 'object', required: ['id'], properties: { id: text } };
    const more = {
      components: {
        schemas: {
          Base: base,
          Pet: { allOf: [{ $ref: '#/components/schemas/Base' }, { type: 'object', properties: { name: text } }] },
        },
      },
    };
    expect(
      await answered('merged', { $ref: '#/components/schemas/Pet' }, { id: 'a', name: 'b' }, '{ id name }', more),
    ).toEqual({ id: 'a', name: 'b' });
    expect(await rest.sdl('merged')).toContain('type MergedPet {\n  id: String\n  name: String\n}');
  });

  test('oneOf with a discriminator: its mapping chooses the member', async () => {
    const schemas = {
      Cat: { type: 'object', properties: { kind: text, lives: { type: 'integer' } } },
      Dog: { type: 'object', properties: { kind: text, tricks: { type: 'integer' } } },
      Pet: {
        oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
        discriminator: { propertyName: 'kind', mapping: { feline: '#/components/schemas/Cat', Dog: 'Dog' } },
      },
    };
    const value = await answered(
      'told',
      { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
      [
        { kind: 'feline', lives: 9 },
        { kind: 'Dog', tricks: 2 },
      ],
      '{ __typename ... on ToldCat { lives } ... on ToldDog { tricks } }',
      { components: { schemas } },
    );
    expect(value).toEqual([
      { __typename: 'ToldCat', lives: 9 },
      { __typename: 'ToldDog', tricks: 2 },
    ]);
  });

  test('anyOf without a discriminator: the shape chooses; scalars are boxed', async () => {
    const schema = {
      type: 'array',
      items: {
        anyOf: [
          { title: 'Point', type: 'object', required: ['x'], properties: { x: { type: 'number' } } },
          { title: 'Name', type: 'object', required: ['name'], properties: { name: text } },
          text,
        ],
      },
    };
    const value = await answered(
      'shaped',
      schema,
      [{ name: 'n' }, { x: 1.5 }, 'word'],
      '{ __typename ... on ShapedStringBox { value } ... on ShapedGetThingResponseItemPoint { x } ... on ShapedGetThingResponseItemName { name } }',
    );
    expect(value).toEqual([
      { __typename: 'ShapedGetThingResponseItemName', name: 'n' },
      { __typename: 'ShapedGetThingResponseItemPoint', x: 1.5 },
      { __typename: 'ShapedStringBox', value: 'word' },
    ]);
  });

  test('free keys are entries of key and value, or JSON where nothing is said of them, or where that is wished', async () => {
    const schema = {
      type: 'object',
      properties: {
        names: { type: 'object', additionalProperties: text },
        anything: { type: 'object', additionalProperties: true },
      },
    };
    const body = { names: { fr: 'un' }, anything: { a: [1] } };
    expect(await answered('maps', schema, body, '{ names { key value } anything }')).toEqual({
      names: [{ key: 'fr', value: 'un' }],
      anything: { a: [1] },
    });
    await rest.publish('mapsJson', openapi({ '/thing': getting('getThing', schema) }), { maps: 'JSON' });
    rest.upstream.next({ kind: 'answer', body });
    const { data } = await rest.weir.query('{ mapsJson { getThing { names } } }');
    expect(data.mapsJson.getThing.names).toEqual({ fr: 'un' });
  });

  test('enums whose values are no names, const, and long integers', async () => {
    const schema = {
      type: 'object',
      properties: {
        size: { enum: ['x-large', 'small', '1st'], type: 'string' },
        kind: { const: 'pet' },
        big: { type: 'integer', format: 'int64' },
        huge: { type: 'integer', format: 'int64' },
      },
    };
    await rest.publish('enums', openapi({ '/thing': getting('getThing', schema) }));
    rest.upstream.next({
      kind: 'answer',
      headers: { 'content-type': 'application/json' },
      body: '{"size":"x-large","kind":"pet","big":42,"huge":9223372036854775807}',
    });
    const { data, errors } = await rest.weir.query('{ enums { getThing { size kind big huge } } }');
    expect(errors).toEqual([]);
    expect(data.enums.getThing).toEqual({ size: 'x_large', kind: 'pet', big: 42, huge: '9223372036854775807' });
    expect(await rest.warnings('enums')).toEqual(['ENUM_VALUE_RENAMED']);
  });

  test('formats are scalars of their own, and values pass as the upstream wrote them', async () => {
    const formats = {
      at: 'date-time',
      day: 'date',
      id: 'uuid',
      site: 'uri',
      mail: 'email',
      bytes: 'byte',
      v4: 'ipv4',
      v6: 'ipv6',
      span: 'duration',
    };
    const body = {
      at: '2026-11-22T10:00:00.120+01:00',
      day: '2026-11-22',
      id: 'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6',
      site: 'https://example.org/a',
      mail: 'a@example.org',
      bytes: 'AAEC',
      v4: '192.0.2.1',
      v6: '2001:db8::1',
      span: 'P1D',
    };
    const properties = Object.fromEntries(
      Object.entries(formats).map(([key, format]) => [key, { type: 'string', format }]),
    );
    const value = await answered('formats', { type: 'object', properties }, body, `{ ${Object.keys(body).join(' ')} }`);
    expect(value).toEqual(body);
    const sdl = await rest.sdl('formats');
    for (const line of [
      'at: DateTime',
      'day: Date',
      'id: UUID',
      'site: URL',
      'mail: EmailAddress',
      'bytes: Byte',
      'v4: IPv4',
      'v6: IPv6',
      'span: Duration',
    ])
      expect(sdl).toContain(line);
  });

  test('what nothing is said of is JSON', async () => {
    expect(await answered('untyped', {}, { a: [1, { b: null }] }, '')).toEqual({ a: [1, { b: null }] });
  });
});

describe('answers', () => {
  const responses = (value: object) => ({ get: { operationId: 'getThing', responses: value } });

  test('several successes are a union, told by the status', async () => {
    const json = (schema: object) => ({ description: 'ok', content: { 'application/json': { schema } } });
    const document = openapi({
      '/thing': responses({
        200: json({ title: 'Done', type: 'object', properties: { done: text } }),
        202: json({ title: 'Later', type: 'object', properties: { ticket: text } }),
      }),
    });
    await rest.publish('several', document);
    const sdl = await rest.sdl('several');
    const union = /union (\w+) = (\w+) \| (\w+)/.exec(sdl);
    expect(union).not.toBeNull();
    const query = `{ several { getThing { ... on ${union?.[2]} { done } ... on ${union?.[3]} { ticket } } } }`;
    rest.upstream.next(
      { kind: 'answer', body: { done: 'yes' } },
      { kind: 'answer', status: 202, body: { ticket: 't' } },
    );
    expect((await rest.weir.query(query)).data.several.getThing).toEqual({ done: 'yes' });
    expect((await rest.weir.query(query, {}, { 'cache-control': 'no-cache' })).data.several.getThing).toEqual({
      ticket: 't',
    });
  });

  test.each([
    ['textual', { 'text/plain': { schema: text } }, 'text/plain', 'höhe', 'höhe'],
    ['binary', { 'image/png': {} }, 'image/png', new Uint8Array([0, 1, 2, 255]), 'AAEC/w=='],
    ['markup', { 'application/xml': { schema: { type: 'object' } } }, 'application/xml', '<a/>', '<a/>'],
    ['listed', { 'text/csv': { schema: text } }, 'text/csv', 'a,b\n', 'a,b\n'],
  ])('%s', async (name, content, type, body, value) => {
    await rest.publish(name, openapi({ '/thing': responses({ 200: { description: 'ok', content } }) }));
    rest.upstream.next({ kind: 'answer', headers: { 'content-type': type }, body });
    const { data, errors } = await rest.weir.query(`{ ${name} { getThing } }`);
    expect(errors).toEqual([]);
    expect(data[name].getThing).toBe(value);
  });

  test('nothing described is JSON for a GET; nothing given is true for a write', async () => {
    await rest.publish(
      'silent',
      openapi({
        '/thing': {
          ...responses({ 200: { description: 'ok' } }),
          delete: { operationId: 'drop', responses: { 204: { description: 'gone' } } },
        },
      }),
    );
    rest.upstream.next({ kind: 'answer', body: { a: 1 } }, { kind: 'answer', status: 204, body: '' });
    expect((await rest.weir.query('{ silent { getThing } }')).data.silent.getThing).toEqual({ a: 1 });
    expect((await rest.weir.query('mutation { silent { drop } }')).data.silent.drop).toBe(true);
  });
});

describe('names', () => {
  test('names that are none, or taken, are changed the same way each time, and warned of', async () => {
    const document = openapi({
      '/a-b': getting('get a-b', {
        type: 'object',
        properties: { 'first-name': text, first_name: text, '1st': text, __type: text },
      }),
      '/a/{id}': {
        get: {
          parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
          responses: { 200: { description: 'ok' } },
        },
      },
    });
    await rest.publish('naming', document);
    rest.upstream.next({ kind: 'answer', body: { 'first-name': 'a', first_name: 'b', '1st': 'c', __type: 'd' } });
    const { data, errors } = await rest.weir.query('{ naming { getAB { first_name first_name2 _1st _type } } }');
    expect(errors).toEqual([]);
    expect(data.naming.getAB).toEqual({ first_name: 'b', first_name2: 'a', _1st: 'c', _type: 'd' });
    expect(await rest.warnings('naming')).toContain('RENAMED');
    expect((await rest.sent('{ naming { getAById(id: "x") } }')).path).toBe('/a/x');
    await rest.publish('naming2', document);
    expect((await rest.sdl('naming2')).replaceAll('Naming2', 'Naming').replaceAll('naming2', 'naming')).toBe(
      await rest.sdl('naming'),
    );
  });

  test('include, exclude, and names given by the owner', async () => {
    const pet = { components: { schemas: { Pet: { type: 'object', properties: { id: text } } } } };
    const ref = { $ref: '#/components/schemas/Pet' };
    const document = openapi(
      {
        '/pets': getting('pets.list', { type: 'array', items: ref }),
        '/pets/1': getting('pets.first', ref),
        '/admin': getting('admin.list', text),
      },
      pet,
    );
    await rest.publish('chosen', document, {
      include: ['pets.*'],
      exclude: ['*.first'],
      operations: [{ operation: 'pets.list', field: 'animals', type: 'Animal' }],
    });
    rest.upstream.next({ kind: 'answer', body: [{ id: 'a' }] });
    const { data } = await rest.weir.query(
      '{ chosen { animals { __typename id } } __type(name: "ChosenQuery") { fields { name } } }',
    );
    expect(data.chosen.animals).toEqual([{ __typename: 'ChosenAnimal', id: 'a' }]);
    expect(data.__type.fields).toEqual([{ name: 'animals' }]);
  });

  test('what the document deprecates is deprecated in the graph', async () => {
    await rest.publish(
      'aging',
      openapi({
        '/thing': getting(
          'getThing',
          { type: 'object', properties: { old: { ...text, deprecated: true } } },
          {
            deprecated: true,
            parameters: [{ name: 'q', in: 'query', deprecated: true, schema: text }],
          },
        ),
      }),
    );
    const sdl = await rest.sdl('aging');
    expect(sdl).toContain('old: String @deprecated(reason: "Deprecated by the upstream.")');
    expect(sdl).toMatch(/q: String @deprecated[^\n]*\): AgingGetThingResponse @deprecated/);
  });

  test('a source that only writes has a query type all the same, which says why', async () => {
    await rest.publish(
      'writer',
      openapi({ '/thing': { post: { operationId: 'make', responses: { 204: { description: 'made' } } } } }),
    );
    const { data } = await rest.weir.query(
      '{ writer { __typename } __type(name: "WriterQuery") { fields { name description } } }',
    );
    expect(data.writer).toEqual({ __typename: 'WriterQuery' });
    expect(data.__type.fields).toEqual([
      { name: '_noQueries', description: expect.stringContaining('mutation { writer') },
    ]);
  });

  test('flat sources that only write stand beside each other', async () => {
    const writing = (operationId: string) =>
      openapi({ [`/${operationId}`]: { post: { operationId, responses: { 204: { description: 'made' } } } } });
    await rest.publish('flat1', writing('makeOne'), { namespace: '' });
    await rest.publish('flat2', writing('makeTwo'), { namespace: '' });
    rest.upstream.next({ kind: 'answer', status: 204, body: '' }, { kind: 'answer', status: 204, body: '' });
    const { data, errors } = await rest.weir.query('mutation { makeOne makeTwo }');
    expect([data, errors]).toEqual([{ makeOne: true, makeTwo: true }, []]);
  });

  test('two sources whose prefixes make one type name are refused with both places', async () => {
    const document = (type: string) =>
      openapi(
        { '/thing': getting('getThing', { $ref: `#/components/schemas/${type}` }) },
        {
          components: { schemas: { [type]: { type: 'object', properties: { id: text } } } },
        },
      );
    await rest.publish('clash', document('CartItem'));
    await expect(rest.publish('clashCart', document('Item'))).rejects.toThrow(/ClashCartItem/);
    const { errors } = await rest.weir.admin('mutation { publishSource(name: "clashCart") { name } }');
    expect(errors[0]?.extensions.code).toBe('COMPOSITION_FAILED');
    const problems = JSON.stringify(errors[0]?.extensions.problems);
    expect(problems).toContain('clash');
    expect(problems).toContain('clashCart');
    expect((await rest.weir.query('{ clash { __typename } }')).errors).toEqual([]);
  });
});

describe('servers', () => {
  test('variables of a server have their defaults; a relative one starts where the document came from', async () => {
    const { url, port } = rest.upstream;
    const variables = { port: { default: String(port), enum: [String(port), '1'] }, stage: { default: 'v1' } };
    const server = { url: 'http://127.0.0.1:{port}/{stage}', variables };
    await rest.publish('served', openapi({ '/thing': getting('getThing', {}) }, { servers: [server] }), {
      endpoints: undefined,
    });
    expect((await rest.sent('{ served { getThing } }')).path).toBe('/v1/thing');
    rest.upstream.next({
      kind: 'answer',
      body: openapi({ '/thing': getting('getThing', {}) }, { servers: [{ url: '../api' }] }),
    });
    await rest.weir.publish({ name: 'relative', visibility: 'PUBLIC', rest: { url: `${url}/docs/openapi.json` } });
    expect((await rest.sent('{ relative { getThing } }')).path).toBe('/api/thing');
  });
});
