import { describe, expect, test } from '@jest/globals';
import { describeDocument, json, kindsOf, openapi, operation, ref, typeOf } from './support.ts';

const pet = { type: 'object', properties: { id: { type: 'string' } } };
const job = { type: 'object', properties: { state: { type: 'string' } } };

async function answer(responses: unknown, method = 'get', schemas: Record<string, unknown> = { Pet: pet, Job: job }) {
  const description = await describeDocument(openapi({ '/x': { [method]: { operationId: 'x', responses } } }, schemas));
  const root =
    method === 'get' || method === 'head' ? description.schema.getQueryType() : description.schema.getMutationType();
  return { description, type: String(root?.getFields().x?.type), plan: operation(description, 'x').answer };
}

const content = (type: string, schema?: unknown) => ({
  200: { description: '', content: { [type]: schema === undefined ? {} : { schema } } },
});

describe('media types', () => {
  test.each([
    ['application/json', ref('Pet'), 'ShopPet', 'json'],
    ['application/json; charset=utf-8', ref('Pet'), 'ShopPet', 'json'],
    ['application/hal+json', ref('Pet'), 'ShopPet', 'json'],
    ['*/*', ref('Pet'), 'ShopPet', 'json'],
    ['text/plain', ref('Pet'), 'ShopPet', 'json'],
    ['text/plain', { type: 'string' }, 'String', 'text'],
    ['text/csv', undefined, 'String', 'text'],
    ['*/*', { type: 'string' }, 'String', 'text'],
    ['application/json', { type: 'string' }, 'String', 'json'],
    ['application/xml', ref('Pet'), 'String', 'text'],
    ['application/x-ndjson', ref('Pet'), 'String', 'text'],
    ['image/png', { type: 'string' }, 'String', 'base64'],
    ['application/pdf', undefined, 'String', 'base64'],
    ['application/json', { type: 'string', format: 'binary' }, 'String', 'base64'],
    ['application/json', undefined, 'JSON', 'json'],
  ])('%s with %j is %s, read as %s', async (type, schema, wanted, as) => {
    const { type: found, plan } = await answer(content(type, schema));
    expect(found).toBe(wanted);
    expect(plan.otherwise.as).toBe(as);
  });
});

describe('no body', () => {
  test.each([
    ['204', { 204: { description: '' } }, 'delete', 'Boolean'],
    ['200 without content to a POST', { 200: { description: '' } }, 'post', 'Boolean'],
    ['200 without content to a GET', { 200: { description: '' } }, 'get', 'JSON'],
    ['only errors to a GET', { 404: { description: '' } }, 'get', 'JSON'],
    ['only errors to a POST', { 404: { description: '' } }, 'post', 'Boolean'],
    ['HEAD', content('application/json', ref('Pet')), 'head', 'Boolean'],
    ['nothing at all', undefined, 'post', 'Boolean'],
  ])('%s', async (_title, responses, method, wanted) => {
    const { type, plan } = await answer(responses, method);
    expect(type).toBe(wanted);
    expect(plan.shape === 'none').toBe(wanted === 'Boolean');
  });

  test('204 beside a body is null', async () => {
    const { type, plan } = await answer({ 200: json(ref('Pet')), 204: { description: '' } });
    expect(type).toBe('ShopPet');
    expect(plan.byStatus.map(({ status, reading }) => [status, reading.as])).toEqual([
      ['200', 'json'],
      ['204', 'none'],
    ]);
  });
});

describe('several successes', () => {
  test('of the same type are that type', async () => {
    const { type, plan } = await answer({ 200: json(ref('Pet')), 201: json(ref('Pet')) });
    expect(type).toBe('ShopPet');
    expect(plan.byStatus).toEqual([]);
  });

  test('of different types are a union, each status one member', async () => {
    const { type, plan, description } = await answer({
      200: json(ref('Pet')),
      202: json(ref('Job')),
      203: content('text/plain', { type: 'string' })[200],
    });
    expect(type).toBe('ShopXResponse');
    expect(typeOf(description, 'ShopXResponse')).toBe('union ShopXResponse = ShopPet | ShopJob | ShopStringBox');
    expect(
      plan.byStatus.map(({ status, reading }) => [
        status,
        reading.as === 'json' ? reading.boxAs?.typeName : reading.as,
      ]),
    ).toEqual([
      ['200', 'ShopPet'],
      ['202', 'ShopJob'],
      ['203', 'text'],
    ]);
  });

  test('a union among them gives its members', async () => {
    const schemas = {
      Pet: pet,
      Job: job,
      Other: { type: 'object', properties: { o: { type: 'string' } } },
      Either: { oneOf: [ref('Pet'), ref('Job')] },
    };
    const { description } = await answer({ 200: json(ref('Either')), 202: json(ref('Other')) }, 'get', schemas);
    expect(typeOf(description, 'ShopXResponse')).toBe('union ShopXResponse = ShopPet | ShopJob | ShopOther');
  });

  test('default counts only where there is no other success', async () => {
    expect((await answer({ default: json(ref('Pet')) })).type).toBe('ShopPet');
    expect((await answer({ default: json(ref('Job')), 200: json(ref('Pet')) })).type).toBe('ShopPet');
    expect((await answer({ '2XX': json(ref('Pet')) })).type).toBe('ShopPet');
  });
});

test('a reference that leads nowhere does not stop the rest', async () => {
  const { type, description } = await answer({ 200: json({ type: 'object', properties: { lost: ref('Lost') } }) });
  expect(type).toBe('ShopXResponse');
  expect(kindsOf(description)).toContain('UNRESOLVED_REFERENCE');
});
