import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PromptGateway, startPromptGateway } from '../../sources/prompt/prompt-gateway.ts';

let gateway: PromptGateway;

beforeAll(async () => {
  gateway = await startPromptGateway([]);
  gateway.server.on({ predicate: () => true }, { content: 'Here.' });
});
afterAll(() => gateway.close());

const SET = 'mutation ($input: ProviderInput!) { setProvider(input: $input) { version } }';
const PUBLISH = 'mutation ($name: ID!) { publishSource(name: $name) { name } }';

/** An account of this name at the stand-in for a vendor, with these models. */
function account(name: string, ...models: readonly string[]): Record<string, unknown> {
  const baseUrl = `${gateway.server.url}/v1`;
  return { name, kind: 'OPENAI_COMPATIBLE', baseUrl, models: models.map((model) => ({ name: model })) };
}

const set = (name: string, ...models: readonly string[]) =>
  gateway.weir.admin(SET, { input: account(name, ...models) });
const publish = (name: string) => gateway.weir.admin(PUBLISH, { name });
const mutate = (field: string, input: object) =>
  gateway.admin(
    `mutation ($input: ${field[0]?.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { name } }`,
    { input },
  );

/** Registration input of a prompt over these models. */
function prompt(name: string, ...models: readonly string[]): Record<string, unknown> {
  const variables = [{ name: 'x', type: 'String!' }];
  return { name, visibility: 'PUBLIC', prompt: { template: 'Say {{x}}.', variables, models } };
}

test('an account keeps the models that published prompts name, backups too, also after a restart', async () => {
  await set('kept', 'large', 'small', 'spare');
  const [{ version }] = (await gateway.admin('{ providers { version } }')).providers;
  await gateway.weir.publish(prompt('first', 'kept/large', 'kept/small'));
  await gateway.weir.publish(prompt('second', 'kept/small'));
  const refusal = {
    code: 'CONFLICT',
    sources: ['first', 'second'],
    problems: [
      { path: 'input.models', message: expect.stringContaining('"small" among them, which first, second asks') },
    ],
  };
  for (let round = 0; round < 2; round++) {
    expect((await set('kept', 'large')).errors).toMatchObject([{ extensions: refusal }]);
    expect((await gateway.admin('{ providers { version } }')).providers).toEqual([{ version }]);
    expect((await gateway.weir.query('{ second(x: "a") }')).data).toEqual({ second: 'Here.' });
    await gateway.restart();
  }
  expect((await set('kept')).errors[0]?.extensions.problems).toHaveLength(2);
  // What nobody names may go, and so may what a prompt has let go of.
  expect((await set('kept', 'large', 'small')).errors).toEqual([]);
  await mutate('reviseSource', { name: 'second', prompt: prompt('', 'kept/large').prompt });
  await publish('second');
  await mutate('reviseSource', { name: 'first', prompt: prompt('', 'kept/large').prompt });
  await publish('first');
  expect((await set('kept', 'large')).errors).toEqual([]);
  const rollback = await gateway.weir.admin('mutation { rollbackSource(name: "first", toRevision: 1) { name } }');
  expect(rollback.errors).toMatchObject([{ extensions: { code: 'CONFLICT', source: 'first' } }]);
  expect((await gateway.weir.query('{ first(x: "a") }')).data).toEqual({ first: 'Here.' });
});

test('nor may its kind change to one whose vendor has no such model', async () => {
  const baseUrl = `${gateway.server.url}/v1`;
  const input = { name: 'vendor', kind: 'OPENAI', baseUrl, credential: { apiKey: 'sk-test' } };
  await gateway.admin(SET, { input });
  await gateway.weir.publish(prompt('catalogued', 'vendor/gpt-5-mini'));
  const other = await gateway.weir.admin(SET, { input: { ...input, kind: 'ANTHROPIC' } });
  expect(other.errors).toMatchObject([{ extensions: { code: 'CONFLICT', sources: ['catalogued'] } }]);
  const declared = { ...input, kind: 'OPENAI_COMPATIBLE', models: [{ name: 'gpt-5-mini' }] };
  expect((await gateway.weir.admin(SET, { input: declared })).errors).toEqual([]);
});

test('a draft keeps nothing: it is neither published nor tried until its model is declared again', async () => {
  await set('loose', 'large', 'small');
  await mutate('registerSource', prompt('draft', 'loose/large', 'loose/small'));
  expect((await set('loose', 'large')).errors).toEqual([]);
  const message = "Expected a model that is known; loose/small is not any more. Declare it in the provider's models.";
  const problems = [{ path: 'prompt.models.1', message }];
  const refused = [{ extensions: { code: 'CONFLICT', source: 'draft', provider: 'loose', problems } }];
  expect((await publish('draft')).errors).toMatchObject(refused);
  const check = 'mutation { checkSource(name: "draft") { ok conflicts { path message } } }';
  expect((await gateway.admin(check)).checkSource).toEqual({ ok: false, conflicts: problems });
  const tried = await gateway.weir.admin(
    'mutation ($v: JSON!) { testPrompt(input: { name: "draft", variables: $v }) { answer } }',
    {
      v: { x: 'a' },
    },
  );
  expect(tried.errors).toMatchObject(refused);
  await set('loose', 'large', 'small');
  expect((await gateway.admin(check)).checkSource.ok).toBe(true);
  expect((await publish('draft')).errors).toEqual([]);
});

test('a deprecated prompt keeps its models, a retired one does not', async () => {
  await set('aging', 'large', 'small');
  await gateway.weir.publish(prompt('old', 'aging/small'));
  await gateway.admin('mutation { deprecateSource(name: "old", reason: "Use new.") { state } }');
  expect((await set('aging', 'large')).errors).toMatchObject([{ extensions: { code: 'CONFLICT', sources: ['old'] } }]);
  await gateway.admin('mutation { retireSource(name: "old") { state } }');
  expect((await set('aging', 'large')).errors).toEqual([]);
  expect((await publish('old')).errors).toMatchObject([{ extensions: { code: 'CONFLICT', source: 'old' } }]);
  await set('aging', 'large', 'small');
  expect((await publish('old')).errors).toEqual([]);
});

test('published and taken away at once: one of the two is refused', async () => {
  for (let round = 0; round < 6; round++) {
    const name = `racing${round}`;
    await set(name, 'large', 'small');
    await mutate('registerSource', prompt(name, `${name}/small`));
    const both = [() => publish(name), () => set(name, 'large')];
    if (round % 2 === 1) both.reverse();
    const answers = await Promise.all(both.map((one) => one()));
    expect(answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))).toEqual(['CONFLICT']);
  }
});
