import { GraphQLBoolean, type GraphQLFieldConfigMap, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { Turns } from '../../../runtime/index.ts';
import type { SourceDescription } from '../../source.ts';
import type { RestDefinition } from '../definition.ts';
import { originalPointer } from '../openapi/original-pointer.ts';
import type { RestOperation } from '../plan.ts';
import { collectOperations, isSelected } from './collect.ts';
import { relaxInputCycles } from './input-cycles.ts';
import { mapOperation } from './operations.ts';

import { TypeMapper } from './type-mapper.ts';
import { overrideTypes } from './type-overrides.ts';
import { Warnings } from './warnings.ts';

export interface RestDescription extends SourceDescription {
  readonly operations: ReadonlyMap<string, RestOperation>;
}

/**
 * Types, operations and warnings of a definition: the same for the same definition, whatever the order of its parts.
 * Never throws for what a document may hold; what cannot be represented is a warning.
 */
export async function describeRest(definition: RestDefinition, _sourceName: string): Promise<RestDescription> {
  const { document, namespace, include, exclude, maps } = definition;
  const warnings = new Warnings();
  const turns = new Turns();
  const mapper = new TypeMapper(document, namespace, maps, warnings);
  await turns.pause();
  const overrides = new Map(definition.operations.map((operation) => [operation.operation, operation]));
  const raw = collectOperations(definition, warnings).filter(({ name }) => isSelected(name, include, exclude));
  await turns.pause();
  overrideTypes(mapper, document, raw, overrides);
  const fields = {
    query: {} as GraphQLFieldConfigMap<unknown, unknown>,
    mutation: {} as GraphQLFieldConfigMap<unknown, unknown>,
  };
  const mapped: { readonly order: number; readonly operation: RestOperation }[] = [];
  for (const operation of raw) {
    const { config, operation: plan } = mapOperation(mapper, document, operation, overrides.get(operation.name));
    fields[operation.kind][operation.field] = config;
    mapped.push({ order: operation.order, operation: plan });
    await turns.pause();
  }
  await mapper.settle(turns);
  await turns.pause();
  const schema = makeSchema(mapper, fields.query, fields.mutation);
  await turns.pause();
  relaxInputCycles(schema, warnings);
  await turns.pause();
  mapped.sort((a, b) => a.order - b.order);
  return {
    schema,
    namespace,
    operations: new Map(mapped.map(({ operation }) => [operation.name, operation])),
    warnings: [
      ...definition.readWarnings,
      ...warnings.list.map((warning) => ({
        ...warning,
        path: originalPointer(warning.path, definition.originalVersion),
      })),
    ],
  };
}

function makeSchema(
  mapper: TypeMapper,
  query: GraphQLFieldConfigMap<unknown, unknown>,
  mutation: GraphQLFieldConfigMap<unknown, unknown>,
): GraphQLSchema {
  const title = 'Operations of this source';
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: mapper.names.query,
      description: `${title} that read.`,
      // GraphQL demands a field of every query type; this one belongs to no operation and is always null.
      fields:
        Object.keys(query).length > 0
          ? query
          : { _noQueries: { type: GraphQLBoolean, description: 'This source has mutations only. Always null.' } },
    }),
    ...(Object.keys(mutation).length === 0
      ? {}
      : {
          mutation: new GraphQLObjectType({
            name: mapper.names.mutation,
            description: `${title} that change something.`,
            fields: mutation,
          }),
        }),
  });
}
