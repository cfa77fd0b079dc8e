import { diff as inspect } from '@graphql-inspector/core';
import { buildSchema, GraphQLSchema } from 'graphql';

/** One difference between two schemas. */
export interface SchemaChange {
  readonly criticality: 'BREAKING' | 'DANGEROUS' | 'SAFE';
  /** The field or type, such as `PetstorePet.name`. */
  readonly path: string | undefined;
  readonly message: string;
}

const EMPTY = new GraphQLSchema({});

/**
 * What changed from `before` to `after`, each a schema or its text ('' is an empty one); gravest first.
 *
 * Usages of directives are left out: they are read from syntax trees, which only schemas made from text have,
 * so a schema and its own text would differ. What they mean (deprecation) is compared by itself.
 */
export async function diffSchemas(
  before: GraphQLSchema | string,
  after: GraphQLSchema | string,
): Promise<readonly SchemaChange[]> {
  if (before === after) return [];
  const changes = await inspect(toSchema(before), toSchema(after));
  return changes
    .filter((change) => !String(change.type).startsWith('DIRECTIVE_USAGE'))
    .map(toChange)
    .sort((a, b) => RANK[a.criticality] - RANK[b.criticality]);
}

function toSchema(schema: GraphQLSchema | string): GraphQLSchema {
  if (typeof schema !== 'string') return schema;
  // Both sides were validated when they were made; only what they say is compared here.
  return schema.trim() === '' ? EMPTY : buildSchema(schema, { assumeValid: true, assumeValidSDL: true });
}

const RANK = { BREAKING: 0, DANGEROUS: 1, SAFE: 2 } as const;

function toChange(change: Awaited<ReturnType<typeof inspect>>[number]): SchemaChange {
  return { criticality: criticality(change.criticality.level), path: change.path, message: change.message };
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
