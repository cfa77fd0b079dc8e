import {
  type GraphQLField,
  GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isObjectType,
} from 'graphql';
import type { Problem } from '../../errors/index.ts';
import { batchItemType } from '../batch/index.ts';
import type { SourceDescription } from '../source.ts';
import { missingArguments, overlappingArguments } from './argument-tree.ts';
import { checkSlots, NAME } from './check-slots.ts';
import type { CheckedLink, LinkKey } from './checked-link.ts';
import type { LinkSpec } from './link.ts';
import { selectedType } from './output-path.ts';

/** One side of a link. */
export interface LinkSide {
  readonly name: string;
  readonly description: SourceDescription;
}

export type LinkCheck =
  | { readonly ok: true; readonly link: CheckedLink }
  /** Paths as in the link: `type`, `arguments.0.field`. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Holds a link against both its sides. Finds every problem, never only the first.
 * `linked` has the other links' fields of the source, by type name in the graph.
 */
export function checkLink(
  spec: LinkSpec,
  source: LinkSide,
  target: LinkSide,
  linked: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): LinkCheck {
  const problems: Problem[] = [];
  const type = findType(spec, source, problems);
  const others = (type && linked.get(type.name)) ?? new Set<string>();
  checkFieldName(spec, type, others, problems);
  const found = findOperation(spec, target, problems);
  if (found === undefined) return { ok: false, problems };
  const { operation, field } = found;
  const names = spec.arguments.map(({ name }) => name);
  problems.push(...overlappingArguments(names), ...missingArguments(field.args, names));
  const checked = checkSlots(spec, type, field.args, operation.batch, others);
  problems.push(...checked.problems);
  const select = pathOf(spec.select);
  const answer = answerType(field.type, operation.batch, checked.key, problems);
  const selected = answer && selectedType(answer, select);
  if (answer !== undefined && selected === undefined) {
    const message = `Expected a path inside ${String(answer)}; got ${JSON.stringify(spec.select)}.`;
    problems.push({ path: 'select', message });
  }
  if (problems.length > 0 || type === undefined || selected === undefined) return { ok: false, problems };
  const { slots, key, args, requires } = checked;
  const link: CheckedLink = {
    target: target.name,
    operation,
    typeName: type.name,
    field: spec.field,
    description: spec.description ?? field.description ?? undefined,
    type: selected,
    args,
    slots,
    key,
    select,
    requires,
  };
  return { ok: true, link };
}

/** The steps of a dotted path; none for nothing. */
export function pathOf(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split('.');
}

/** A type by its name in the graph, or without the source's prefix. */
export function typeOfSource({ description }: LinkSide, name: string): GraphQLObjectType | undefined {
  const { schema, typePrefix = '' } = description;
  for (const candidate of [name, `${typePrefix}${name}`]) {
    const type = schema.getType(candidate);
    if (isObjectType(type) && !isRoot(schema, type)) return type;
  }
  return undefined;
}

function isRoot(schema: GraphQLSchema, type: GraphQLObjectType): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type);
}

function findType(spec: LinkSpec, source: LinkSide, problems: Problem[]): GraphQLObjectType | undefined {
  const type = typeOfSource(source, spec.type);
  if (type === undefined) {
    const got = JSON.stringify(spec.type);
    problems.push({ path: 'type', message: `Expected an object type of ${source.name}; got ${got}.` });
  }
  return type;
}

function checkFieldName(
  spec: LinkSpec,
  type: GraphQLObjectType | undefined,
  others: ReadonlySet<string>,
  problems: Problem[],
): void {
  const { field } = spec;
  if (!NAME.test(field)) {
    const message = `Expected a GraphQL name that does not begin with __; got ${JSON.stringify(field)}.`;
    problems.push({ path: 'field', message });
  } else if (type?.getFields()[field] !== undefined) {
    problems.push({ path: 'field', message: `Expected a field that ${type.name} does not have; it has ${field}.` });
  } else if (type !== undefined && others.has(field)) {
    problems.push({ path: 'field', message: `Expected a field of its own; another link is ${type.name}.${field}.` });
  }
}

function findOperation(spec: LinkSpec, target: LinkSide, problems: Problem[]) {
  const operation = target.description.operations.get(spec.operation);
  const got = JSON.stringify(spec.operation);
  if (operation === undefined || operation.hidden !== undefined) {
    problems.push({ path: 'operation', message: `Expected an operation of ${target.name}; got ${got}.` });
    return undefined;
  }
  if (operation.kind !== 'query') {
    const message = `Expected an operation that reads; ${got} of ${target.name} is a ${operation.kind}.`;
    problems.push({ path: 'operation', message });
    return undefined;
  }
  const field: GraphQLField<unknown, unknown> | undefined = target.description.schema.getQueryType()?.getFields()[
    operation.field
  ];
  if (field !== undefined) return { operation, field };
  problems.push({ path: 'operation', message: `Expected ${got} of ${target.name} to have a field; it has none.` });
  return undefined;
}

function answerType(
  type: GraphQLOutputType,
  batch: CheckedLink['operation']['batch'],
  key: LinkKey | undefined,
  problems: Problem[],
): GraphQLOutputType | undefined {
  if (key === undefined || batch === undefined) return getNullableType(type);
  const item = batchItemType(type, batch);
  if (!item.ok) {
    problems.push({ path: 'operation', message: item.message });
    return undefined;
  }
  if (!key.list) return batch.many ? new GraphQLList(item.type) : item.type;
  if (!batch.many) return new GraphQLList(item.type);
  const message = 'Expected one key, as the operation has many items for each; got a list of keys.';
  problems.push({ path: 'arguments', message });
  return undefined;
}
