import { describe, expect, test } from '@jest/globals';
import type { PromptInput } from '../../../src/sources/prompt/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedModels } from '../../support/scripted-models.ts';
import { problemsOf, REVIEW, readPrompt, TRANSLATE } from './support.ts';

const places = async (input: Partial<PromptInput>, base = TRANSLATE) =>
  (await problemsOf({ ...base, ...input })).map(({ path }) => path);

describe('reading a prompt', () => {
  test('takes what is right as it is', async () => {
    expect(await problemsOf(TRANSLATE)).toEqual([]);
    expect(await problemsOf(REVIEW)).toEqual([]);
  });

  test('tells every problem at once, each with its place', async () => {
    const problems = await problemsOf(
      {
        template: 'Translate {{txt}} {{> other}}',
        variables: [
          { name: '1st', type: 'String!' },
          { name: 'text', type: 'Strin' },
          { name: 'text', type: 'String' },
        ],
        models: ['nobody/large', 'large'],
        parameters: { temperature: 3, stop: [''] },
      },
      '1shop',
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'input.name',
      'input.prompt.template',
      'input.prompt.variables.0.name',
      'input.prompt.variables.1.type',
      'input.prompt.variables.2.name',
      'input.prompt.models.0',
      'input.prompt.models.1',
      'input.prompt.parameters.temperature',
      'input.prompt.parameters.stop.0',
    ]);
    for (const { message } of problems) expect(message).toMatch(/^Expected /);
  });

  test.each<readonly [string, Partial<PromptInput>, readonly string[]]>([
    ['nothing', { template: ' ' }, ['input.prompt.template']],
    ['a variable that is not declared', { template: '{{text}} {{to}} {{other}}' }, ['input.prompt.template']],
    ['a section that is not declared', { template: '{{text}} {{to}} {{#x}}a{{/x}}' }, ['input.prompt.template']],
    ['a path', { template: '{{text}} {{to}} {{text.length}}' }, ['input.prompt.template']],
    ['a partial', { template: '{{text}} {{to}} {{> text}}' }, ['input.prompt.template']],
    ['other delimiters', { template: '{{text}} {{to}} {{=<% %>=}} <% text %>' }, ['input.prompt.template']],
    ['an open tag', { template: '{{text}} {{to' }, ['input.prompt.template']],
    ['an open section', { template: '{{text}} {{#to}}' }, ['input.prompt.template']],
    ['a variable that is never used', { template: 'Translate {{text}}.' }, ['input.prompt.variables.1.name']],
  ])('a template with %s is refused', async (_name, input, expected) => {
    expect(await places(input)).toEqual(expected);
  });

  test.each<readonly [string, string, string]>([
    ['an interface', 'interface A { a: Int }', '.A'],
    ['a union', 'type A { a: Int } union B = A', '.B'],
    ['a custom scalar', 'type A { at: DateTime! }', '.A.at'],
    ['an input', 'type A { a: Int } input B { b: Int }', '.B'],
    ['a type that contains itself', 'type A { b: [B!] } type B { a: A }', '.B.a'],
    ['a type that nothing leads to', 'type A { a: Int } type B { b: Int }', '.B'],
    ['fields with arguments', 'type A { a(b: Int): Int }', '.A.a'],
    ['a file', 'type A { a: File }', '.A.a'],
    ['no fields', 'type A', '.A'],
    ['a field twice', 'type A { a: Int a: String }', '.A.a'],
    ['a field of introspection', 'type A { __proto__: Int }', '.A.__proto__'],
    ['a type twice', 'type A { a: Int } type A { b: Int }', '.A'],
    ['a name that the prompt itself has', 'type Stream { a: Int }', '.Stream'],
    ['an enum only', 'enum A { B }', ''],
    ['no SDL', 'type A {', ''],
  ])('an output type with %s is refused', async (_name, output, place) => {
    expect(await places({ output }, REVIEW)).toContain(`input.prompt.output${place}`);
  });

  test.each<readonly [string, object, string]>([
    ['no type', { type: 'String!!' }, 'type'],
    ['a type that is not there', { type: 'Author' }, 'type'],
    ['an object', { type: 'Review!' }, 'type'],
    ['lists too deep', { type: '[[[Int]]]' }, 'type'],
    ['a length where there is none', { type: 'Int', maxLength: 3 }, 'maxLength'],
    ['a length that is none', { type: 'String', maxLength: 0 }, 'maxLength'],
    ['a default of another type', { type: 'Int', default: 'x' }, 'default'],
    ['a default that is too long', { type: 'String', maxLength: 2, default: 'abc' }, 'default'],
    ['a default file', { type: 'Image', default: { url: 'https://a.example/b' } }, 'default'],
  ])('a variable with %s is refused', async (_name, variable, place) => {
    const variables = [{ name: 'text', ...variable } as never];
    expect(await places({ variables }, REVIEW)).toEqual([`input.prompt.variables.0.${place}`]);
  });

  test('a variable cannot be called like the argument of the conversation', async () => {
    const input = { template: '{{history}}', variables: [{ name: 'history', type: 'String' }] };
    expect(await places({ ...input })).toEqual([]);
    expect(await places({ ...input, history: true })).toEqual(['input.prompt.variables.0.name']);
  });

  test('examples are held against variables and output', async () => {
    const examples = [
      { variables: { text: 'Fine.' }, output: { stars: 5, tags: [] } },
      { variables: { text: 5, more: 1 }, output: { stars: 'x', tags: [] } },
      { variables: {}, output: 'text' },
    ];
    expect(await places({ examples }, REVIEW)).toEqual([
      'input.prompt.examples.1.variables.more',
      'input.prompt.examples.1.variables.text',
      'input.prompt.examples.1.output',
      'input.prompt.examples.2.variables.text',
      'input.prompt.examples.2.output',
    ]);
  });

  test('types that fan out to more than a schema can hold', async () => {
    const fields = (next: string) => Array.from({ length: 10 }, (_, index) => `f${index}: ${next}`).join(' ');
    const types = Array.from({ length: 9 }, (_, level) => `type T${level} { ${fields(`T${level + 1}`)} }`);
    const output = [...types, `type T9 { ${fields('String')} }`].join(' ');
    expect(await problemsOf({ ...TRANSLATE, output })).toEqual([
      { path: 'input.prompt.output', message: 'Expected at most 5000 fields in all; got 11111111110.' },
    ]);
    const variables = [...(TRANSLATE.variables ?? []), { name: 'tree', type: 'T0' }];
    expect(await places({ ...TRANSLATE, output, variables })).toContain('input.prompt.variables.2.type');
  });

  test('slashes in the name of a model', async () => {
    const models = new ScriptedModels(new FakeClock(), { 'first/a/b': [] });
    const definition = await readPrompt({ ...TRANSLATE, models: ['first/a/b'] }, models);
    expect(definition.models).toEqual([{ provider: 'first', model: 'a/b' }]);
  });

  test('a model that nobody knows is refused, with what to do', async () => {
    expect(await problemsOf({ ...TRANSLATE, models: ['first/large', 'first/slip'] })).toEqual([
      {
        path: 'input.prompt.models.1',
        message: expect.stringContaining("is not in the catalogue. Declare it in the provider's models"),
      },
    ]);
  });
});
