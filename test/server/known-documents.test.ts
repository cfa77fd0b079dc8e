import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, TEST_ADMIN_KEY, type TestGateway } from '../support/test-gateway.ts';

let weir: TestGateway;
beforeAll(async () => {
  weir = await startTestGateway();
});
afterAll(() => weir.close());

const TOLD = ['content-type', 'cache-control', 'cache-status', 'www-authenticate'];

async function post(body: Record<string, unknown>, headers: Record<string, string>) {
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'weir-key': TEST_ADMIN_KEY, ...headers },
    body: JSON.stringify(body),
  });
  const told = TOLD.map((name) => [name, response.headers.get(name)]);
  return { status: response.status, told, text: await response.text() };
}

const ME = 'query Me { me { kind } } query Name { __typename }';
const WITH_VARIABLE = 'query ($name: ID!) { source(name: $name) { name } }';

describe('a document that is known is answered as by Apollo Server', () => {
  test.each<[string, Record<string, unknown>, Record<string, string>?]>([
    ['a query', { query: '{ me { kind } __typename }' }],
    ['one of several', { query: ME, operationName: 'Name' }],
    ['several without a name', { query: ME, operationName: null }],
    ['an unknown name', { query: ME, operationName: 'Other' }],
    ['a name that is no text', { query: ME, operationName: 7 }],
    ['variables', { query: WITH_VARIABLE, variables: { name: 'none' } }],
    ['a variable too few', { query: WITH_VARIABLE, variables: null }],
    ['variables that are a list', { query: WITH_VARIABLE, variables: ['none'] }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['an error when it runs', { query: 'mutation { publishSource(name: "none") { name } }' }],
    ['a subscription', { query: 'subscription { none }' }],
    ['a trace', { query: '{ me { kind } }' }, { 'weir-trace': '1' }],
    ['a header that makes no sense', { query: '{ me { kind } }' }, { 'weir-max-stale': 'soon' }],
    ['GraphQL alone', { query: '{ me { kind } }' }, { accept: 'application/graphql-response+json' }],
    ['JSON alone', { query: '{ me { kind } }' }, { accept: 'application/json' }],
    [
      'GraphQL rather than JSON',
      { query: '{ me { kind } }' },
      { accept: 'application/graphql-response+json,application/json;q=0.9' },
    ],
    ['JSON rather than GraphQL', { query: '{ me { kind } }' }, { accept: 'application/json, application/*;q=0.1' }],
    ['neither', { query: '{ me { kind } }' }, { accept: 'text/html' }],
  ])('%s', async (_, body, headers = {}) => {
    await post(body, headers);
    // With extensions it never takes the short way.
    const long = await post({ ...body, extensions: {} }, headers);
    expect(await post(body, headers)).toEqual(long);
  });
});
