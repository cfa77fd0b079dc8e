import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSchema } from 'graphql-yoga';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { startYoga, type UpstreamServer } from './support/servers.ts';

const CRM = createSchema({
  typeDefs: `
    type Query { lead: Lead named: Named everything: Query }
    interface Named { name: String }
    type Lead implements Named { name: String source: Source team: Team size: Size }
    type Source { host: String }
    type Team { name: String }
    enum Size { SMALL LARGE }
  `,
  resolvers: {
    Query: {
      lead: () => ({ name: 'Ann', source: { host: 'fair' }, team: { name: 'North' }, size: 'SMALL' }),
      named: () => ({ __typename: 'Lead', name: 'Bob' }),
    },
  },
});

describe('types of a GraphQL source that stands flat in the root', () => {
  let gateway: TestGateway;
  let crm: UpstreamServer;

  beforeAll(async () => {
    [gateway, crm] = await Promise.all([startTestGateway(), startYoga(CRM)]);
  });
  afterAll(async () => {
    await gateway.close();
    await crm.close();
  });

  const register = (graphql: object, name = 'crm') =>
    gateway.admin('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', {
      input: { name, visibility: 'PUBLIC', graphql: { url: crm.url, namespace: '', ...graphql } },
    });
  const publish = (name = 'crm') =>
    gateway.admin('mutation ($name: ID!) { publishSource(name: $name) { name } }', { name });

  test('clash with those of the admin API, and what to do is told', async () => {
    await register({}, 'plain');
    const { errors } = await publish('plain');
    expect(errors[0]?.extensions.code).toBe('COMPOSITION_FAILED');
    expect(errors[0]?.extensions.problems).toEqual([
      {
        path: 'Source',
        message:
          'The type Source must come from one place; the admin API and source plain both have it. Give source plain another namespace, or a typePrefix if it is a GraphQL service.',
      },
    ]);
  });

  test('may have a prefix of their own', async () => {
    expect((await register({ typePrefix: 'Crm' })).errors).toEqual([]);
    expect((await publish()).errors).toEqual([]);
    const { data, errors } = await gateway.query(`{
      lead { __typename name source { __typename host } team { name } size }
      named { __typename ... on CrmLead { name } }
      everything { __typename lead { name } }
    }`);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      lead: {
        __typename: 'CrmLead',
        source: { __typename: 'CrmSource', host: 'fair' },
        team: { name: 'North' },
        size: 'SMALL',
      },
      named: { __typename: 'CrmLead', name: 'Bob' },
    });
  });

  test('survives a restart, and one under a namespace may have none', async () => {
    expect((await register({ namespace: 'sales', typePrefix: '' }, 'sales')).errors).toEqual([]);
    const { errors } = await publish('sales');
    // Its root types are the namespace's own still; its types are now where the admin API's are.
    expect(((errors[0]?.extensions.problems ?? []) as { path: string }[]).map(({ path }) => path)).toEqual(['Source']);
    gateway = await gateway.restart();
    expect((await gateway.query('{ lead { __typename } }')).data).toEqual({ lead: { __typename: 'CrmLead' } });
  });

  test('a prefix that is no name is refused', async () => {
    const { errors } = await register({ typePrefix: '9-' }, 'wrong');
    expect(errors[0]?.extensions).toMatchObject({
      code: 'INVALID_DEFINITION',
      problems: [
        {
          path: 'input.graphql.typePrefix',
          message: 'Expected a GraphQL name: a letter, then letters, digits and _, or ""; got "9-".',
        },
      ],
    });
  });
});
