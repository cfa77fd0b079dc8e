import { diff as inspect } from '@graphql-inspector/core';
import { buildSchema, GraphQLSchema } from 'graphql';
import type { SchemaChange } from './diff.ts';

const EMPTY = new GraphQLSchema({});

type InspectorChange = Awaited<ReturnType<typeof inspect>>[number];

/**
 * What changed from `before` to `after`, each a schema or its text ('' is an empty one); gravest first.
 *
 * Usages of directives are left out: they are read from syntax trees, which only schemas made from text have,
 * so a schema and its own text would differ. What they mean (deprecation) is compared by itself.
 * The parts of something that is new are left out too: the whole is named once.
 * (The library's own rule for that, `simplifyChanges`, also drops breaking changes of a field that got
 * its first description at the same time.)
 */
export async function compareSchemas(
  before: GraphQLSchema | string,
  after: GraphQLSchema | string,
): Promise<readonly SchemaChange[]> {
  const changes = await inspect(toSchema(before), toSchema(after));
  const added = new Set(changes.filter((change) => WHOLES.has(change.type)).map((change) => change.path));
  return changes
    .filter((change) => !String(change.type).startsWith('DIRECTIVE_USAGE') && !isPartOfNew(change, added))
    .map(toChange)
    .sort((a, b) => RANK[a.criticality] - RANK[b.criticality]);
}

const WHOLES: ReadonlySet<string> = new Set(['TYPE_ADDED', 'FIELD_ADDED', 'INPUT_FIELD_ADDED', 'ENUM_VALUE_ADDED']);

/** Never true for anything but a safe change: what is new cannot break anybody. */
function isPartOfNew(change: InspectorChange, added: ReadonlySet<string | undefined>): boolean {
  if (change.path === undefined || criticality(change.criticality.level) !== 'SAFE') return false;
  if (added.has(change.path) && !WHOLES.has(change.type)) return true;
  for (let dot = change.path.lastIndexOf('.'); dot > 0; dot = change.path.lastIndexOf('.', dot - 1)) {
    if (added.has(change.path.slice(0, dot))) return true;
  }
  return false;
}

function toSchema(schema: GraphQLSchema | string): GraphQLSchema {
  if (typeof schema !== 'string') return schema;
  // Both sides were validated when they were made; only what they say is compared here.
  return schema.trim() === '' ? EMPTY : buildSchema(schema, { assumeValid: true, assumeValidSDL: true });
}

const RANK = { BREAKING: 0, DANGEROUS: 1, SAFE: 2 } as const;

function toChange(change: InspectorChange): SchemaChange {
  return {
    criticality: criticality(change.criticality.level),
    // Changes of deprecation point at `Query.field.@deprecated`; for us they are changes of the field.
    path: change.path?.replace(/\.@.*$/, ''),
    message: change.message,
  };
}

function criticality(level: string): SchemaChange['criticality'] {
  switch (level) {
    case 'BREAKING':
    case 'DANGEROUS':
      return level;
    default:
      return 'SAFE';
  }
}
