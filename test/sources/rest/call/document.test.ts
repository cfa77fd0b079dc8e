import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { createMemoryCallCache } from '../../../../src/cache/index.ts';
import { systemClock, systemRandom } from '../../../../src/runtime/index.ts';
import { type RestConnection, restKind } from '../../../../src/sources/rest/index.ts';
import { createEgressGuard, createHttpClient } from '../../../../src/upstream/index.ts';
import { type FaultServer, type ReceivedRequest, startFaultServer } from '../../../support/fault-server.ts';
import { callContext, settings } from './support/rest-source.ts';

/** A document with one of everything, from registration to the wire and back through GraphQL. */
const paths = {
  '/pets': {
    get: {
      operationId: 'listPets',
      parameters: [
        { name: 'status', in: 'query', schema: { type: 'string', enum: ['in stock', 'sold-out'] } },
        {
          name: 'filter',
          in: 'query',
          style: 'deepObject',
          schema: { type: 'object', properties: { 'min-age': { type: 'integer' } } },
        },
        {
          name: 'ids',
          in: 'query',
          style: 'pipeDelimited',
          explode: false,
          schema: { type: 'array', items: { type: 'integer', format: 'int64' } },
        },
        { name: 'X-Tenant', in: 'header', required: true, schema: { type: 'string' } },
        { name: 'sid', in: 'cookie', schema: { type: 'string' } },
        { name: 'since', in: 'query', schema: { type: 'string', format: 'date-time' } },
      ],
      responses: {
        200: {
          content: {
            'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Animal' } } },
          },
        },
      },
    },
    post: {
      operationId: 'addPet',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Cat' } } },
      },
      responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Cat' } } } } },
    },
  },
  '/pets/{id}/picture': {
    put: {
      operationId: 'setPicture',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      requestBody: {
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              properties: {
                title: { type: 'string' },
                file: { type: 'string', format: 'binary' },
                files: { type: 'array', items: { type: 'string', format: 'binary' } },
              },
            },
          },
        },
      },
      responses: { 204: { description: 'done' } },
    },
  },
  '/token': {
    post: {
      operationId: 'login',
      requestBody: {
        content: {
          'application/x-www-form-urlencoded': {
            schema: {
              type: 'object',
              properties: { user: { type: 'string' }, roles: { type: 'array', items: { type: 'string' } } },
            },
          },
        },
      },
      responses: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } },
    },
  },
};

const schemas = {
  Animal: {
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: {
      propertyName: 'kind',
      mapping: { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' },
    },
  },
  Cat: {
    type: 'object',
    required: ['kind'],
    properties: {
      kind: { type: 'string' },
      id: { type: 'integer', format: 'int64' },
      'fur-color': { type: 'string', enum: ['jet black', 'red'] },
      marks: { type: 'object', additionalProperties: { type: 'integer' } },
    },
  },
  Dog: { type: 'object', required: ['kind'], properties: { kind: { type: 'string' }, barks: { type: 'boolean' } } },
};

let server: FaultServer;
let connection: RestConnection;
let query: (document: string, variables?: Record<string, unknown>) => Promise<unknown>;
let close: () => Promise<void>;

beforeEach(async () => {
  server = await startFaultServer();
  const http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock: systemClock });
  const cache = createMemoryCallCache({ clock: systemClock });
  const document = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Pets', version: '1' },
    paths,
    components: { schemas },
  });
  const signal = new AbortController().signal;
  const input = { document, endpoints: [{ url: `${server.url}/api` }] };
  const definition = await restKind.read(input, 'pets', { http, clock: systemClock, signal });
  const description = await restKind.describe(definition, 'pets');
  const services = {
    name: 'pets',
    revision: 1,
    settings: settings({}),
    http,
    cache,
    clock: systemClock,
    random: systemRandom,
  };
  connection = restKind.connect(definition, description, services) as RestConnection;
  const { schema } = description;
  for (const { kind, field, name } of description.operations.values()) {
    const type = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    const target = type?.getFields()[field];
    if (target === undefined) throw new Error(`${name} has no field`);
    target.resolve = async (_source, args: Record<string, unknown>) => {
      const [outcome] = await connection.call(name, [{ arguments: args }], callContext(systemClock));
      if (outcome?.kind === 'FAILED') throw outcome.failure.toClientError('pets', outcome.attempts.length);
      return outcome?.value;
    };
  }
  query = (text, variables) => run(schema, text, variables);
  close = async () => {
    await connection.close();
    await cache.close();
    await http.close();
    await server.close();
  };
});

afterEach(() => close());

async function run(
  schema: GraphQLSchema,
  text: string,
  variableValues: Record<string, unknown> = {},
): Promise<unknown> {
  return JSON.parse(JSON.stringify(await execute({ schema, document: parse(text), variableValues })));
}

const last = (): ReceivedRequest => {
  const request = server.requests.at(-1);
  if (request === undefined) throw new Error('Nothing was sent.');
  return request;
};

describe('from the document to the wire and back', () => {
  test('parameters of every place, enums, unions, maps and 64-bit integers', async () => {
    const body =
      '[{"kind":"cat","id":9223372036854775807,"fur-color":"jet black","marks":{"ear":1}},{"kind":"dog","barks":true}]';
    server.behave({ kind: 'answer', headers: { 'content-type': 'application/json' }, body });
    const answer = await query(
      `query ($ids: [BigInt!]) {
        listPets(status: sold_out, filter: { min_age: 3 }, ids: $ids, X_Tenant: "t", sid: "a b", since: "2024-01-02T03:04:05+01:00") {
          __typename
          ... on PetsCat { id fur_color marks { key value } }
          ... on PetsDog { barks }
        }
      }`,
      { ids: ['9007199254740993', 1] },
    );
    expect(answer).toEqual({
      data: {
        listPets: [
          {
            __typename: 'PetsCat',
            id: '9223372036854775807',
            fur_color: 'jet_black',
            marks: [{ key: 'ear', value: 1 }],
          },
          { __typename: 'PetsDog', barks: true },
        ],
      },
    });
    const url = new URL(last().path, 'http://h.test');
    expect(url.pathname).toBe('/api/pets');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      status: 'sold-out',
      'filter[min-age]': '3',
      ids: '9007199254740993|1',
      since: '2024-01-02T03:04:05+01:00',
    });
    expect(last().headers).toMatchObject({ 'x-tenant': 't', cookie: 'sid=a%20b' });
  });

  test('a JSON body with renamed fields, enums and maps', async () => {
    server.behave(({ body }) => ({
      kind: 'answer',
      status: 201,
      headers: { 'content-type': 'application/json' },
      body,
    }));
    const answer = await query(
      `mutation ($id: BigInt) { addPet(input: { kind: "cat", id: $id, fur_color: jet_black, marks: [{ key: "a b", value: 2 }] }) { id fur_color marks { key value } } }`,
      { id: '9223372036854775807' },
    );
    expect(last().body.toString()).toBe(
      '{"kind":"cat","id":9223372036854775807,"fur-color":"jet black","marks":{"a b":2}}',
    );
    expect(answer).toEqual({
      data: { addPet: { id: '9223372036854775807', fur_color: 'jet_black', marks: [{ key: 'a b', value: 2 }] } },
    });
  });

  test('files in a multipart body, and no answer body', async () => {
    server.behave({ kind: 'answer', status: 204, body: '' });
    const answer = await query(
      'mutation { setPicture(id: "a/b", input: { title: "t", file: "AAH/", files: ["AA==", "AQ=="] }) }',
    );
    expect(answer).toEqual({ data: { setPicture: true } });
    const { method, path, headers, body } = last();
    expect([method, path]).toEqual(['PUT', '/api/pets/a%2Fb/picture']);
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': headers['content-type'] ?? '' },
    }).formData();
    expect(form.get('title')).toBe('t');
    expect([...new Uint8Array(await (form.get('file') as File).arrayBuffer())]).toEqual([0, 1, 255]);
    expect(form.getAll('files').map((file) => (file as File).size)).toEqual([1, 1]);
  });

  test('a form body and a text answer', async () => {
    server.behave({ kind: 'answer', headers: { 'content-type': 'text/plain' }, body: 'tok' });
    expect(await query('mutation { login(input: { user: "ü&", roles: ["a", "b"] }) }')).toEqual({
      data: { login: 'tok' },
    });
    expect([...new URLSearchParams(last().body.toString())]).toEqual([
      ['user', 'ü&'],
      ['roles', 'a'],
      ['roles', 'b'],
    ]);
  });

  test('an argument that cannot be sent is the error of that field', async () => {
    expect(await query('{ listPets(X_Tenant: "a\\nb") { __typename } }')).toMatchObject({
      data: { listPets: null },
      errors: [
        { extensions: { code: 'UPSTREAM_REJECTED', retryable: false }, message: expect.stringContaining('"X_Tenant"') },
      ],
    });
  });
});
