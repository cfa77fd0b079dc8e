import { describe, expect, test } from '@jest/globals';
import type { RestDefinition } from '../../../../src/sources/rest/index.ts';
import { restKind } from '../../../../src/sources/rest/index.ts';

const parameter = (name: string, place = 'path') => ({
  name,
  in: place,
  required: place === 'path',
  schema: { type: 'integer' },
});
const user = { $ref: '#/components/schemas/User' };

async function describeWith(links: Record<string, unknown>, schema: unknown = user) {
  const answer = (of: unknown, more = {}) => ({
    responses: { '200': { description: 'ok', content: { 'application/json': { schema: of } }, ...more } },
  });
  const definition = {
    document: {
      openapi: '3.1.0',
      info: { title: 't', version: '1' },
      paths: {
        '/users/{id}': {
          get: {
            operationId: 'getUser',
            parameters: [parameter('id'), parameter('depth', 'query')],
            ...answer(schema, { links }),
          },
          delete: { operationId: 'removeUser', parameters: [parameter('id')], ...answer(user) },
        },
        '/teams/{team-id}': { get: { operationId: 'getTeam', parameters: [parameter('team-id')], ...answer(user) } },
      },
      components: {
        schemas: {
          User: {
            type: 'object',
            properties: {
              id: { type: 'integer' },
              'team-id': { type: 'integer' },
              name: { type: 'string' },
              home: { type: 'object', properties: { team: { type: 'integer' } } },
            },
          },
        },
        links: { Shared: { operationId: 'getTeam', parameters: { 'team-id': '$response.body#/home/team' } } },
      },
    },
    url: undefined,
    originalVersion: '3.1.0',
    readWarnings: [],
    endpoints: [],
    namespace: 'crm',
    auth: undefined,
    headers: [],
    forwardHeaders: [],
    include: [],
    exclude: [],
    operations: [],
    maps: 'LIST',
  } as unknown as RestDefinition;
  const { links: made, warnings } = await restKind.describe(definition, 'crm');
  return { links: made ?? [], left: warnings.filter(({ kind }) => kind === 'LINK_LEFT_OUT').map(({ path }) => path) };
}

describe('links of a document', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'a property of the answer',
      { operationId: 'getTeam', parameters: { 'team-id': '$response.body#/team-id' } },
      { name: 'team_id', from: 'FIELD', field: 'team_id' },
    ],
    [
      'a property inside it, by its place',
      { operationId: 'getTeam', parameters: { 'path.team-id': '$response.body#/home/team' } },
      { name: 'team_id', from: 'FIELD', field: 'home.team' },
    ],
    [
      'a path parameter that the object has as well',
      { operationId: 'getUser', parameters: { id: '$request.path.id' } },
      { name: 'id', from: 'FIELD', field: 'id' },
    ],
    [
      'a constant',
      { operationId: 'getTeam', parameters: { 'team-id': 7 } },
      { name: 'team_id', from: 'VALUE', value: 7 },
    ],
    [
      'a reference to the operation',
      { operationRef: '#/paths/~1teams~1%7Bteam-id%7D/get', parameters: { 'team-id': 7 } },
      { name: 'team_id', from: 'VALUE', value: 7 },
    ],
    [
      'a reference to a link',
      { $ref: '#/components/links/Shared' },
      { name: 'team_id', from: 'FIELD', field: 'home.team' },
    ],
  ])('%s', async (_what, link, argument) => {
    const { links, left } = await describeWith({ 'home-team': link });
    expect(left).toEqual([]);
    expect(links).toMatchObject([{ type: 'CrmUser', field: 'homeTeam', target: 'crm', arguments: [argument] }]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a query parameter of the request', { operationId: 'getTeam', parameters: { 'team-id': '$request.query.depth' } }],
    ['a header', { operationId: 'getTeam', parameters: { 'team-id': '$response.header.X-Team' } }],
    [
      'a text with an expression in it',
      { operationId: 'getTeam', parameters: { 'team-id': '{$response.body#/id}-1' } },
    ],
    [
      'a property that is not described',
      { operationId: 'getTeam', parameters: { 'team-id': '$response.body#/owner' } },
    ],
    ['a type that does not fit', { operationId: 'getTeam', parameters: { 'team-id': '$response.body#/name' } }],
    ['a required parameter that it does not give', { operationId: 'getTeam' }],
    ['no such operation', { operationId: 'getNothing' }],
    ['a document elsewhere', { operationRef: 'https://example.com/api.yaml#/paths/~1x/get' }],
    ['an operation that writes', { operationId: 'removeUser', parameters: { id: '$response.body#/id' } }],
    ['a body', { operationId: 'getTeam', parameters: { 'team-id': 1 }, requestBody: '$response.body#/id' }],
    ['an argument that is not there', { operationId: 'getTeam', parameters: { 'team-id': 1, nothing: 2 } }],
  ])('left out with a warning: %s', async (_what, link) => {
    const { links, left } = await describeWith({ team: link });
    expect(links).toEqual([]);
    expect(left).toEqual(['/paths/~1users~1{id}/get/responses/200/links/team']);
  });

  test('left out: a name that the type has, and a link from a list', async () => {
    const link = { operationId: 'getTeam', parameters: { 'team-id': 1 } };
    expect(await describeWith({ name: link })).toMatchObject({ links: [], left: [expect.anything()] });
    expect(await describeWith({ team: link }, { type: 'array', items: user })).toMatchObject({
      links: [],
      left: [expect.anything()],
    });
  });
});
