import { GraphQLBoolean, type GraphQLFieldConfigMap, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { inTurns, Turns } from '../../../runtime/index.ts';
import type { SourceDescription } from '../../source.ts';
import type { RestDefinition } from '../definition.ts';
import { originalPointer } from '../openapi/original-pointer.ts';
import { Paginator } from '../pagination/paginate.ts';
import type { RestOperation } from '../plan.ts';
import { addBatches } from './batches.ts';
import { collectSteps, isSelected, type RawOperation } from './collect.ts';
import { documentLinks } from './document-links.ts';
import { entityProblems } from './entities.ts';
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
export async function describeRest(definition: RestDefinition, sourceName: string): Promise<RestDescription> {
  const { document, namespace, include, exclude, maps } = definition;
  const warnings = new Warnings();
  const turns = new Turns();
  const shared = new Set(definition.entities?.map(({ type }) => type));
  const mapper = new TypeMapper(document, namespace, maps, warnings, shared);
  await turns.pause();
  const overrides = new Map(definition.operations.map((operation) => [operation.operation, operation]));
  const found = await inTurns(collectSteps(definition, warnings));
  const raw = found.filter(({ name }) => isSelected(name, include, exclude));
  await turns.pause();
  overrideTypes(mapper, document, raw, overrides);
  const fields = {
    query: {} as GraphQLFieldConfigMap<unknown, unknown>,
    mutation: {} as GraphQLFieldConfigMap<unknown, unknown>,
  };
  const mapped: { readonly order: number; operation: RestOperation; readonly raw: RawOperation }[] = [];
  for (const operation of raw) {
    const { config, operation: plan } = mapOperation(mapper, document, operation, overrides.get(operation.name));
    fields[operation.kind][operation.field] = config;
    mapped.push({ order: operation.order, operation: plan, raw: operation });
    await turns.pause();
  }
  await mapper.settle(turns);
  await turns.pause();
  const paginator = new Paginator(mapper, document, sourceName);
  for (const entry of mapped) {
    const pagination = overrides.get(entry.operation.name)?.pagination;
    const { kind, field } = entry.raw;
    const config = fields[kind][field];
    if (pagination === undefined || config === undefined) continue;
    const index = definition.operations.findIndex(({ operation }) => operation === entry.operation.name);
    const path = `input.rest.operations.${index}.pagination`;
    const made = paginator.paginate({ operation: entry.operation, config }, entry.raw, pagination, path);
    fields[kind][field] = made.config;
    entry.operation = made.operation;
  }
  const schema = makeSchema(mapper, { namespace, sourceName }, fields.query, fields.mutation);
  await turns.pause();
  relaxInputCycles(schema, warnings);
  await turns.pause();
  const batchProblems = addBatches(definition.operations, mapped, schema);
  mapped.sort((a, b) => a.order - b.order);
  const operations = new Map(mapped.map(({ operation }) => [operation.name, operation]));
  const { entities } = definition;
  const shares = entities === undefined ? {} : { entities };
  const problems = [...paginator.problems, ...batchProblems, ...entityProblems({ schema, operations, ...shares })];
  const typePrefix = mapper.names.prefix;
  const described = { schema, namespace, operations, typePrefix, warnings: [], ...shares };
  const links = documentLinks(document, mapped, sourceName, described, warnings);
  await turns.pause();
  return {
    ...described,
    links,
    problems,
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
  place: { readonly namespace: string; readonly sourceName: string },
  query: GraphQLFieldConfigMap<unknown, unknown>,
  mutation: GraphQLFieldConfigMap<unknown, unknown>,
): GraphQLSchema {
  const title = 'Operations of this source';
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: mapper.names.query,
      description: `${title} that read.`,
      // GraphQL demands a field of every query type; this one belongs to no operation and is always null.
      fields: Object.keys(query).length > 0 ? query : noQueries(place),
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

/** Beside those of other flat sources it needs a name of its own. */
function noQueries({
  namespace,
  sourceName,
}: {
  readonly namespace: string;
  readonly sourceName: string;
}): GraphQLFieldConfigMap<unknown, unknown> {
  const example = namespace === '' ? 'mutation { … }' : `mutation { ${namespace} { … } }`;
  const description =
    'A placeholder, always null: all operations of this source change something, and GraphQL wants a query type to ' +
    `have a field. They are fields of \`${example}\`; one that only reads, whatever its method, can be registered with ` +
    '`as: QUERY`.';
  return { [namespace === '' ? `_noQueries_${sourceName}` : '_noQueries']: { type: GraphQLBoolean, description } };
}
