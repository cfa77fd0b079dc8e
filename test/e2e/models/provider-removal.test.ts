import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;

beforeAll(async () => {
  gateway = await startModelsGateway();
});
afterAll(() => gateway.close());

/** A draft over an account of its own. */
async function draft(name: string): Promise<void> {
  await gateway.must('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', {
    input: { name, kind: 'OPENAI_COMPATIBLE', baseUrl: `${gateway.vendor.url}/v1`, models: [{ name: 'small' }] },
  });
  await gateway.must('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', {
    input: {
      name,
      prompt: { template: 'Say {{x}}.', variables: [{ name: 'x', type: 'String!' }], models: [`${name}/small`] },
    },
  });
}

const publish = (name: string) =>
  gateway.weir.admin('mutation ($n: ID!) { publishSource(name: $n) { name } }', { n: name });
const remove = (name: string) => gateway.weir.admin('mutation ($n: ID!) { removeProvider(name: $n) }', { n: name });

test('a prompt whose account was removed cannot be published until it is there again', async () => {
  await draft('gone');
  expect((await remove('gone')).errors).toEqual([]);
  expect((await publish('gone')).errors).toMatchObject([{ extensions: { code: 'CONFLICT', provider: 'gone' } }]);
});

test('published and removed at once: one of the two is refused', async () => {
  for (let round = 0; round < 8; round++) {
    const name = `racing${round}`;
    await draft(name);
    const both = round % 2 === 0 ? [publish, remove] : [remove, publish];
    const answers = await Promise.all(both.map((change) => change(name)));
    const refused = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions?.code));
    expect(refused).toEqual(['CONFLICT']);
  }
});
