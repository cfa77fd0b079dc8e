import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildClientSchema, type DocumentNode, getIntrospectionQuery, getOperationAST, parse, validate } from 'graphql';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { BOOKSHOP, type PromptGateway, startPromptGateway } from './prompt-gateway.ts';

const page = readFileSync(new URL('../../../docs/prompts.md', import.meta.url), 'utf8');
const operations = [...page.matchAll(/```graphql\n([^`]*)```/g)].map(([, text]) => parse(text ?? ''));
const kindOf = (document: DocumentNode) => getOperationAST(document)?.operation;

let gateway: PromptGateway;
let upstream: FaultServer;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([
    startPromptGateway(['openai', 'anthropic']),
    startFaultServer({ behaviour: { kind: 'answer', body: [{ title: 'Moby-Dick' }] } }),
  ]);
  const review = { stars: 5, mood: 'GLAD', reasons: [], author: null };
  gateway.server.on(
    { predicate: ({ response_format }) => response_format !== undefined },
    { content: JSON.stringify(review) },
  );
  gateway.server.on({ predicate: () => true }, { content: 'Le barrage tient.' });
  const bookshop = { document: JSON.stringify(BOOKSHOP), endpoints: [{ url: upstream.url }] };
  await gateway.weir.publish({ name: 'bookshop', visibility: 'PUBLIC', rest: bookshop });
  await gateway.publish('describe', {
    template: 'Describe {{photo}}.',
    variables: [{ name: 'photo', type: 'Image!' }],
    models: ['openai/gpt-5-mini'],
  });
});
afterAll(async () => {
  await Promise.all([gateway.close(), upstream.close()]);
});

test('every mutation and query of the page works as it stands there', async () => {
  expect(operations.map(kindOf)).toEqual([
    'mutation',
    'query',
    'query',
    'mutation',
    'query',
    'subscription',
    'mutation',
    'query',
    'mutation',
  ]);
  for (const document of operations) {
    const text = document.loc?.source.body ?? '';
    if (kindOf(document) === 'subscription') {
      const { data } = await gateway.weir.query(getIntrospectionQuery());
      expect(validate(buildClientSchema(data), document)).toEqual([]);
      continue;
    }
    const { data, errors } = await gateway.weir.admin(text);
    expect([text, errors]).toEqual([text, []]);
    for (const value of Object.values(data)) expect(value).not.toBeNull();
  }
});
