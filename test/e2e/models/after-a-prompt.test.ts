import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FaultServer, startFaultServer } from '../../support/fault-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** A request has a second; a model's answer takes longer than that. */
const REQUEST_MS = 1_000;
const MODEL_MS = 1_300;

const AUTHORS = {
  openapi: '3.1.0',
  info: { title: 'Authors', version: '1' },
  paths: {
    '/authors/{name}': {
      get: {
        operationId: 'author',
        parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'ok',
            content: {
              'application/json': { schema: { type: 'object', properties: { born: { type: 'integer' } } } },
            },
          },
        },
      },
    },
  },
};

let weir: TestGateway;
let vendor: LLMock;
let upstream: FaultServer;

async function must(query: string, input: object): Promise<void> {
  const { errors } = await weir.admin(query, { input });
  if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
}

beforeAll(async () => {
  vendor = new LLMock({ port: 0, logLevel: 'silent', latency: 0 });
  await vendor.start();
  upstream = await startFaultServer({ behaviour: { kind: 'answer', body: { born: 1819 } } });
  weir = await startTestGateway({ requestDeadlineMs: REQUEST_MS });
  const baseUrl = `${vendor.url}/v1`;
  const provider = { name: 'acme', kind: 'OPENAI_COMPATIBLE', baseUrl, models: [{ name: 'slow' }] };
  await must('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', provider);
  const rest = { document: JSON.stringify(AUTHORS), endpoints: [{ url: upstream.url }] };
  await weir.publish({ name: 'library', visibility: 'PUBLIC', rest });
  const prompt = {
    template: 'Who wrote {{title}}?',
    variables: [{ name: 'title', type: 'String!' }],
    output: 'type Guess { author: String! }',
    models: ['acme/slow'],
  };
  await weir.publish({ name: 'guess', visibility: 'PUBLIC', prompt });
  const from = { source: 'guess', type: 'Guess', field: 'writer' };
  const link = { ...from, target: 'library', operation: 'author', arguments: [{ name: 'name', field: 'author' }] };
  await must('mutation ($input: LinkInput!) { addLink(input: $input) { id } }', link);
});
afterAll(async () => {
  await weir.close();
  await Promise.all([vendor.stop(), upstream.close()]);
});

test('what a prompt’s answer leads to is called, also after the time that a request without prompts has', async () => {
  vendor.on({ predicate: () => true }, async () => {
    await new Promise((resolve) => setTimeout(resolve, MODEL_MS));
    return { content: '{"author":"Herman Melville"}' };
  });
  const { data, errors } = await weir.query('{ guess(title: "Moby-Dick") { author writer { born } } }');
  expect(errors).toEqual([]);
  expect(data.guess).toEqual({ author: 'Herman Melville', writer: { born: 1819 } });
});
