import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type DefinitionNode, Kind, parse, print, printType, visit } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { WARNING_KINDS } from '../../../src/sources/rest/openapi/warning-kinds.ts';
import { describeDocument } from './mapping/support.ts';

const page = readFileSync(new URL('../../../docs/rest.md', import.meta.url), 'utf8');

interface Example {
  readonly place: string;
  readonly document: Record<string, unknown>;
  readonly graph: string;
}

/** A block of YAML and the block of GraphQL right after it. */
const examples: readonly Example[] = [...page.matchAll(/```yaml\n([^`]*)```\n\n```graphql\n([^`]*)```/g)].map(
  (match) => ({
    place:
      /^#+ (.*)$/m.exec(
        page
          .slice(0, match.index)
          .split(/^(?=#+ )/m)
          .at(-1) ?? '',
      )?.[1] ?? '',
    document: parseYaml(match[1] ?? '') as Record<string, unknown>,
    graph: match[2] ?? '',
  }),
);

/** A fragment as a whole document; where it has types only, one operation answers with the first of them. */
function whole(fragment: Record<string, unknown>): Record<string, unknown> {
  const { schemas = {} } = (fragment.components ?? {}) as { readonly schemas?: object };
  const [first] = Object.keys(schemas);
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${first}` } } };
  const paths = { '/it': { get: { operationId: 'it', responses: { 200: { description: 'ok', content } } } } };
  return { openapi: '3.1.0', info: { title: 'Shop', version: '1' }, paths, ...fragment };
}

/** The parts of a definition, each as text without descriptions. */
function parts(definition: DefinitionNode): readonly string[] {
  const bare = visit(definition, {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  });
  switch (bare.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (bare.fields ?? []).map((field) => print(field));
    default:
      return [print(bare)];
  }
}

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(8);
});

test.each(examples.map((example) => [example.place, example] as const))(
  '%s: the graph is as the page says',
  async (_place, example) => {
    const { schema } = await describeDocument(whole(example.document));
    for (const definition of parse(example.graph).definitions) {
      const name = 'name' in definition ? (definition.name?.value ?? '') : '';
      const type = schema.getType(name);
      if (type === undefined)
        throw new Error(`Expected a type ${name}; there are ${Object.keys(schema.getTypeMap()).join(', ')}.`);
      const [made] = parse(printType(type)).definitions;
      expect([name, made === undefined ? [] : parts(made)]).toEqual([name, parts(definition)]);
    }
  },
);

test('every kind of warning is there, as the code says it', () => {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (damage)? ?\| (.*) \|$/gm)].map(([, kind, damage, meaning]) => [
    kind,
    { damage: damage !== undefined, meaning },
  ]);
  expect(Object.fromEntries(rows)).toEqual(WARNING_KINDS);
});
