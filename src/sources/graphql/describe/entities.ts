import { getNullableType, isListType } from 'graphql';
import type { Problem } from '../../../errors/index.ts';
import { type BatchDescription, batchItemType } from '../../batch/index.ts';
import { checkEntities, type EntitySpec } from '../../entity/index.ts';
import { inputTypeAt } from '../../link/index.ts';
import type { GraphQLDescription, GraphQLOperation } from './plan.ts';

const PLACE = 'input.graphql';
const DEFAULT_MAX = 100;
const MOST = 10_000;

/** The description with the entities that its owner declares, and the bulk forms of their operations. */
export function withEntities(description: GraphQLDescription, entities: readonly EntitySpec[]): GraphQLDescription {
  const operations = new Map(description.operations);
  const bulkProblems = entities.flatMap((entity, index) =>
    addBatch(operations, description, entity).map(({ path, message }) => ({
      path: `${PLACE}.entities.${index}.batch.${path}`,
      message,
    })),
  );
  const described: GraphQLDescription = { ...description, operations, entities };
  const problems = checkEntities(described).problems.map(({ path, message }) => ({
    path: `${PLACE}.${path}`,
    message,
  }));
  return { ...described, problems: [...(description.problems ?? []), ...bulkProblems, ...problems] };
}

function addBatch(
  operations: Map<string, GraphQLOperation>,
  { schema }: GraphQLDescription,
  entity: EntitySpec,
): readonly Problem[] {
  const { operation: name = '', batch } = entity;
  const operation = operations.get(name);
  const field = operation?.hidden ?? (operation && schema.getQueryType()?.getFields()[operation.field]);
  if (batch === undefined || operation === undefined || field === undefined) return [];
  const max = batch.max ?? DEFAULT_MAX;
  const items = batch.items === undefined || batch.items === '' ? [] : batch.items.split('.');
  const made: BatchDescription = { argument: batch.argument, max, items, match: matchOf(entity, batch), many: false };
  const problems: Problem[] = [];
  if (!isListType(getNullableType(inputTypeAt(field.args, batch.argument)))) {
    const message = `Expected an argument of ${name} that takes a list; got ${JSON.stringify(batch.argument)}.`;
    problems.push({ path: 'argument', message });
  }
  if (!Number.isInteger(max) || max < 1 || max > MOST) {
    problems.push({ path: 'max', message: `Expected a whole number from 1 to ${MOST}; got ${max}.` });
  }
  const item = batchItemType(field.type, made);
  if (!item.ok) problems.push({ path: item.at === 'items' ? 'items' : 'argument', message: item.message });
  if (operation.batch !== undefined && JSON.stringify(operation.batch) !== JSON.stringify(made)) {
    problems.push({ path: 'argument', message: `Expected one bulk form of ${name}; it is declared in two ways.` });
  }
  if (problems.length === 0) operations.set(name, { ...operation, batch: made });
  return problems;
}

/** Items are told by the fields of the key; by those of them that the argument takes. */
function matchOf(
  { key, arguments: args = [] }: EntitySpec,
  { argument, position }: NonNullable<EntitySpec['batch']>,
): BatchDescription['match'] {
  if (position === true) return { by: 'POSITION' };
  const given = args.find(({ name }) => name === argument);
  const taken = given?.from === 'FIELDS' ? given.fields : given?.from === 'FIELD' ? [given.field] : [];
  const shared = key.filter((text) => taken.includes(text));
  const paths = (shared.length === 0 ? key : shared).map((text) => text.split('.'));
  const [only] = paths;
  if (only === undefined) return { by: 'POSITION' };
  if (given?.from !== 'FIELDS' && paths.length === 1) return { by: 'FIELD', field: only };
  return { by: 'FIELDS', fields: paths.map((path) => ({ key: path, item: path })) };
}
