import {
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLObjectType,
  getNullableType,
  isAbstractType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Problem } from '../../errors/index.ts';
import { batchItemType } from '../batch/index.ts';
import { missingArguments, overlappingArguments } from '../link/argument-tree.ts';
import { leafAt } from '../link/leaf-at.ts';
import { selectedType } from '../link/output-path.ts';
import type { OperationDescription, SourceDescription } from '../source.ts';
import { type Add, ArgumentReader } from './argument-reader.ts';
import type { CheckedEntity, CheckedFetch, EntitySlot } from './checked-entity.ts';
import type { EntitySpec } from './entity.ts';

export interface CheckedEntities {
  readonly entities: readonly CheckedEntity[];
  /** Paths as in the declarations: `entities.0.key.1`. */
  readonly problems: readonly Problem[];
}

type Described = Pick<SourceDescription, 'schema' | 'operations' | 'entities'>;

const known = new WeakMap<Described, CheckedEntities>();

/** Holds the entities that a source declares against its own types and operations. Finds every problem. */
export function checkEntities(description: Described): CheckedEntities {
  let checked = known.get(description);
  if (checked === undefined) {
    checked = check(description);
    known.set(description, checked);
  }
  return checked;
}

function check(description: Described): CheckedEntities {
  const entities: CheckedEntity[] = [];
  const problems: Problem[] = [];
  for (const [index, spec] of (description.entities ?? []).entries()) {
    const before = problems.length;
    const add: Add = (path, message) => problems.push({ path: `entities.${index}.${path}`, message });
    const type = entityType(spec, description, add);
    const key = type === undefined ? [] : keyPaths(spec, type, add);
    const fetch = type === undefined ? undefined : fetchOf(spec, type, description, add);
    if (type !== undefined && problems.length === before) entities.push({ typeName: type.name, key, fetch });
  }
  return { entities, problems };
}

function entityType(spec: EntitySpec, { schema }: Described, add: Add): GraphQLObjectType | undefined {
  const type = schema.getType(spec.type);
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  if (isObjectType(type) && !roots.includes(type)) return type;
  add('type', `Expected an object type of the source; got ${JSON.stringify(spec.type)}.`);
  return undefined;
}

function keyPaths(spec: EntitySpec, type: GraphQLObjectType, add: Add): readonly (readonly string[])[] {
  if (spec.key.length === 0) add('key', `Expected the fields that tell one ${type.name} from another; got none.`);
  return spec.key.map((text, index) => {
    const path = text.split('.');
    const found = leafAt(type, path);
    if (!found.ok) add(`key.${index}`, found.message);
    else if (found.lists > 0) add(`key.${index}`, `Expected one value; ${type.name}.${text} is ${found.type}.`);
    return path;
  });
}

function fetchOf(
  spec: EntitySpec,
  type: GraphQLObjectType,
  description: Described,
  add: Add,
): CheckedFetch | undefined {
  const fields = givenFields(spec, type, add);
  if (spec.operation === undefined) {
    for (const part of ['arguments', 'select', 'fields', 'batch'] as const) {
      if (spec[part] !== undefined) add(part, 'Expected an operation that this belongs to; got none.');
    }
    return undefined;
  }
  const found = operationOf(spec.operation, description, add);
  if (found === undefined) return undefined;
  const { operation, field } = found;
  const given = spec.arguments ?? [];
  const names = given.map(({ name }) => name);
  for (const { path, message } of [...overlappingArguments(names), ...missingArguments(field.args, names)]) {
    add(path, message);
  }
  const reader = new ArgumentReader(spec, type, field, add);
  const slots: EntitySlot[] = [];
  let bulk: EntitySlot | undefined;
  for (const [index, argument] of given.entries()) {
    const isKey = operation.batch?.argument === argument.name;
    const slot = reader.read(argument, index, isKey);
    if (slot === undefined) continue;
    if (isKey && slot.from !== 'VALUE') {
      bulk = slot;
      checkMatch(slot, operation, (part, message) => add(`arguments.${index}.${part}`, message));
    } else {
      slots.push(slot);
    }
  }
  if (reader.needs.length === 0) add('arguments', `Expected an argument that takes a field of ${type.name}; got none.`);
  const select = spec.select === undefined || spec.select === '' ? [] : spec.select.split('.');
  const abstract = checkAnswer({ spec, type, field, operation, isBulk: bulk !== undefined, select }, add);
  const own = type.getFields();
  const computed = spec.fields !== undefined && reader.needs.some(({ path: [first = ''] }) => own[first] === undefined);
  return { operation, needs: reader.needs, slots, bulk, select, abstract, fields, computed };
}

/** A key must have what the items of the bulk answer are told by; else all of them would be missing. */
function checkMatch(slot: EntitySlot, { name, batch }: OperationDescription, add: Add): void {
  if (batch?.match.by === 'FIELDS') {
    const parts = batch.match.fields.map(({ key }) => key.join('.'));
    const told = `the items of ${name} are told by ${parts.join(', ')}`;
    if (slot.from !== 'FIELDS') {
      add('field', `Expected fields, as ${told}; got one value.`);
      return;
    }
    const given = slot.fields.map(({ path }) => path.join('.'));
    const missing = parts.filter((part) => !given.includes(part));
    if (missing.length === 0) return;
    add('fields', `Expected ${missing.join(', ')} among the fields, as ${told}; got ${given.join(', ')}.`);
  } else if (slot.from === 'FIELDS' && batch !== undefined && batch.match.by !== 'POSITION') {
    const by = batch.match.by === 'MAP' ? 'by key' : `by ${batch.match.field.join('.')} alone`;
    add('fields', `Expected a field, as the items of ${name} are told ${by}; got fields.`);
  }
}

function givenFields(spec: EntitySpec, type: GraphQLObjectType, add: Add): ReadonlySet<string> {
  const own = type.getFields();
  for (const [index, name] of (spec.fields ?? []).entries()) {
    if (own[name] === undefined)
      add(`fields.${index}`, `Expected a field of ${type.name}; got ${JSON.stringify(name)}.`);
  }
  return new Set(spec.fields ?? Object.keys(own));
}

function operationOf(name: string, { schema, operations }: Described, add: Add) {
  const operation = operations.get(name);
  const got = JSON.stringify(name);
  const field = operation?.hidden ?? (operation && schema.getQueryType()?.getFields()[operation.field]);
  if (operation === undefined || (operation.kind === 'query' && field === undefined)) {
    add('operation', `Expected an operation of the source; got ${got}.`);
    return undefined;
  }
  if (operation.kind === 'query' && field !== undefined) return { operation, field };
  add('operation', `Expected an operation that reads; ${got} is a ${operation.kind}.`);
  return undefined;
}

interface Answer {
  readonly spec: EntitySpec;
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly operation: OperationDescription;
  readonly isBulk: boolean;
  readonly select: readonly string[];
}

/** Whether the answer is the entity; the type of the answer when it may be something else, too. */
function checkAnswer(
  { spec, type, field, operation, isBulk, select }: Answer,
  add: Add,
): GraphQLAbstractType | undefined {
  const { batch } = operation;
  let answer = getNullableType(field.type);
  if (isBulk && batch !== undefined) {
    const item = batchItemType(answer, batch);
    if (!item.ok) add('operation', item.message);
    if (batch.many) add('operation', `Expected one ${type.name} for each key; the operation has many.`);
    if (!item.ok || batch.many) return undefined;
    answer = getNullableType(item.type);
  }
  const selected = selectedType(answer, select);
  if (selected === undefined) {
    add('select', `Expected a path inside ${String(answer)}; got ${JSON.stringify(spec.select)}.`);
    return undefined;
  }
  if (selected === type) return undefined;
  if (isAbstractType(selected) && isMember(selected, type)) return selected;
  add('operation', `Expected an answer of type ${type.name}; ${operation.name} gives ${String(selected)}.`);
  return undefined;
}

function isMember(abstract: GraphQLAbstractType, type: GraphQLObjectType): boolean {
  return isUnionType(abstract) ? abstract.getTypes().includes(type) : type.getInterfaces().includes(abstract);
}
