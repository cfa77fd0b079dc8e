import { describe, expect, test } from '@jest/globals';
import { Findings } from '../../../../src/sources/rest/document/findings.ts';
import { upgrade } from '../../../../src/sources/rest/document/upgrade.ts';

type Json = Record<string, unknown>;

function fromSwagger(document: Json): { readonly document: Json; readonly findings: Findings } {
  const findings = new Findings();
  return { document: upgrade({ swagger: '2.0', ...document }, '2.0', findings), findings };
}

function post(document: Json): Json {
  return ((document.paths as Json)['/x'] as Json).post as Json;
}

describe('Swagger 2.0', () => {
  test.each([
    [{ host: 'api.test', basePath: '/v1', schemes: ['http', 'https'] }, ['https://api.test/v1']],
    [{ host: 'api.test', schemes: ['http'] }, ['http://api.test']],
    [{ host: 'api.test', basePath: '/', schemes: ['wss'] }, ['https://api.test']],
    [{ basePath: '/v1' }, ['/v1']],
    [{}, []],
  ])('servers of %j', (given, wanted) => {
    const { document } = fromSwagger({ paths: {}, ...given });
    expect((document.servers as { url: string }[]).map(({ url }) => url)).toEqual(wanted);
  });

  test('definitions move, and references and discriminator mappings follow', () => {
    const { document } = fromSwagger({
      paths: {},
      definitions: {
        Pet: { discriminator: 'kind', properties: { owner: { $ref: '#/definitions/Owner' } } },
        Owner: { type: 'object' },
      },
    });
    expect(document).not.toHaveProperty('definitions');
    expect(document.components).toEqual({
      schemas: {
        Pet: { discriminator: { propertyName: 'kind' }, properties: { owner: { $ref: '#/components/schemas/Owner' } } },
        Owner: { type: 'object' },
      },
    });
  });

  test('a shared body parameter becomes a body, a shared query parameter stays one', () => {
    const { document } = fromSwagger({
      consumes: ['application/json', 'application/x-www-form-urlencoded'],
      parameters: {
        pet: { name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } },
        limit: { name: 'limit', in: 'query', type: 'integer', maximum: 5 },
      },
      paths: {
        '/x': { parameters: [{ $ref: '#/parameters/limit' }], post: { parameters: [{ $ref: '#/parameters/pet' }] } },
      },
      definitions: { Pet: { type: 'object' } },
    });
    expect(post(document)).toMatchObject({
      parameters: [{ $ref: '#/components/parameters/limit' }],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
      },
    });
    expect(Object.keys((post(document).requestBody as { content: Json }).content)).toEqual(['application/json']);
  });

  test('an own body replaces that of the path, whatever its name', () => {
    const body = (name: string, type: string) => ({ name, in: 'body', schema: { type } });
    const { document } = fromSwagger({
      paths: { '/x': { parameters: [body('a', 'string')], post: { parameters: [body('b', 'integer')] } } },
    });
    expect(post(document)).toMatchObject({
      requestBody: { 'x-name': 'b', content: { 'application/json': { schema: { type: 'integer' } } } },
    });
  });

  test('answers, shared ones too, get the media types the operation produces', () => {
    const { document } = fromSwagger({
      produces: ['application/json'],
      responses: { Ok: { description: 'ok', schema: { type: 'string' }, examples: { 'application/json': {} } } },
      paths: {
        '/x': {
          post: {
            produces: ['text/plain'],
            responses: { 200: { $ref: '#/responses/Ok' }, 204: { description: 'none' }, 500: 5 },
          },
        },
      },
    });
    expect(post(document).responses).toEqual({
      200: { description: 'ok', content: { 'text/plain': { schema: { type: 'string' } } } },
      204: { description: 'none' },
      500: 5,
    });
  });

  test('ways to prove oneself', () => {
    const { document } = fromSwagger({
      paths: {},
      securityDefinitions: {
        basic: { type: 'basic' },
        key: { type: 'apiKey', name: 'k', in: 'header' },
        oauth: { type: 'oauth2', flow: 'application', tokenUrl: 'https://t.test', scopes: { a: 'b' } },
      },
    });
    expect((document.components as Json).securitySchemes).toEqual({
      basic: { type: 'http', scheme: 'basic' },
      key: { type: 'apiKey', name: 'k', in: 'header' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://t.test', scopes: { a: 'b' } } } },
    });
  });

  test('a parameter that is none is a problem with its place; nothing throws', () => {
    const { findings } = fromSwagger({
      paths: { '/x': { post: { parameters: [{ $ref: '#/parameters/none' }, 5] } }, '/y': 5, '/z': { get: null } },
    });
    expect(findings.problems.map(({ path }) => path)).toEqual([
      '/paths/~1x/post/parameters/0',
      '/paths/~1x/post/parameters/1',
    ]);
  });
});

describe('OpenAPI 3.0', () => {
  function schema(given: Json): unknown {
    const document = upgrade(
      { openapi: '3.0.0', paths: {}, components: { schemas: { A: given } } },
      '3.0',
      new Findings(),
    );
    return ((document.components as Json).schemas as Json).A;
  }

  test.each([
    [{ type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [{ type: 'string', nullable: false }, { type: 'string' }],
    [
      { type: 'string', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      { allOf: [{}], nullable: true },
      { allOf: [{}], nullable: true },
    ],
    [
      { type: 'integer', minimum: 1, exclusiveMinimum: true },
      { type: 'integer', exclusiveMinimum: 1 },
    ],
    [
      { type: 'integer', maximum: 1, exclusiveMaximum: false },
      { type: 'integer', maximum: 1 },
    ],
    [
      { properties: { nullable: { type: 'string', nullable: true } } },
      { properties: { nullable: { type: ['string', 'null'] } } },
    ],
    [{ items: { oneOf: [{ type: 'string', nullable: true }] } }, { items: { oneOf: [{ type: ['string', 'null'] }] } }],
    [{ default: { type: 'string', nullable: true } }, { default: { type: 'string', nullable: true } }],
  ])('%j becomes %j', (given, wanted) => {
    expect(schema(given)).toEqual(wanted);
  });

  test('schemas of parameters, bodies and answers as well', () => {
    const given = () => ({ schema: { type: 'string', nullable: true } });
    const document = upgrade(
      {
        openapi: '3.0.0',
        paths: {
          '/x': {
            parameters: [given()],
            post: {
              requestBody: { content: { 'a/b': given() } },
              responses: { default: { content: { 'a/b': given() }, headers: { h: given() } } },
            },
          },
        },
      },
      '3.0',
      new Findings(),
    );
    expect(JSON.stringify(document).match(/\["string","null"\]/g)).toHaveLength(4);
    expect(document.openapi).toBe('3.1.1');
  });

  test('3.1 is left as it is', () => {
    const document = { openapi: '3.1.0', components: { schemas: { A: { type: 'string', nullable: true } } } };
    expect(upgrade(structuredClone(document), '3.1', new Findings())).toEqual(document);
  });
});
