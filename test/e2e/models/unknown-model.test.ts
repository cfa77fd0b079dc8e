import { afterAll, beforeAll, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;

const prompt = { template: 'Say {{x}}.', variables: [{ name: 'x', type: 'String!' }], models: ['acme/slip'] };
const place = {
  path: 'input.prompt.models.0',
  message: expect.stringContaining('"acme/slip" is not in the catalogue'),
};

beforeAll(async () => {
  gateway = await startModelsGateway();
});
afterAll(() => gateway.close());

test('a prompt over a model that nobody knows is neither registered nor tried', async () => {
  const register = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
  const registered = await gateway.weir.admin(register, { input: { name: 'slip', prompt } });
  expect(registered.errors).toMatchObject([{ extensions: { code: 'INVALID_DEFINITION', problems: [place] } }]);
  const trial = 'mutation ($input: TestPromptInput!) { testPrompt(input: $input) { answer } }';
  const tried = await gateway.weir.admin(trial, { input: { name: 'slip', prompt, variables: { x: 'y' } } });
  expect(tried.errors).toMatchObject([{ extensions: { code: 'INVALID_DEFINITION', problems: [place] } }]);
  expect(gateway.vendor.getRequests()).toEqual([]);
});

test('OpenAI’s client is told that there is no such model, and its vendor is not asked', async () => {
  const { chat, embeddings } = gateway.client;
  for (const asking of [
    () => chat.completions.create({ model: 'acme/slip', messages: [{ role: 'user', content: 'x' }] }),
    () => embeddings.create({ model: 'acme/slip', input: 'x' }),
  ]) {
    const error: unknown = await asking().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
  }
  expect(gateway.vendor.getRequests()).toEqual([]);
});

test('it is known once it is declared', async () => {
  gateway.vendor.onMessage('x', { content: 'Here.' });
  await gateway.must('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', {
    input: {
      name: 'acme',
      kind: 'OPENAI_COMPATIBLE',
      baseUrl: `${gateway.vendor.url}/v1`,
      models: [{ name: 'small' }, { name: 'slip' }],
    },
  });
  const { choices } = await gateway.client.chat.completions.create({
    model: 'acme/slip',
    messages: [{ role: 'user', content: 'x' }],
  });
  expect(choices[0]?.message.content).toBe('Here.');
});
