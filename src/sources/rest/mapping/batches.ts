import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNullableType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isScalarType,
} from 'graphql';
import type { Problem } from '../../../errors/index.ts';
import { type BatchDescription, batchItemType } from '../../batch/index.ts';
import { inputTypeAt } from '../../link/index.ts';
import type { BatchInput, OperationInput } from '../definition.ts';
import type { ParameterPlan, RestOperation } from '../plan.ts';

export type MappedBatch =
  | { readonly ok: true; readonly operation: RestOperation }
  /** Paths as in the declaration: `argument`, `matchBy`. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Keys in one call: enough for a page, and little enough for a URL. */
const DEFAULT_MAX = 100;
const MOST = 10_000;

/** The operation with its bulk form; or everywhere that the declaration does not match the operation. */
export function mapBatch(input: BatchInput, operation: RestOperation, schema: GraphQLSchema): MappedBatch {
  const problems: Problem[] = [];
  const root = operation.kind === 'query' ? schema.getQueryType() : undefined;
  const field = root?.getFields()[operation.field];
  if (field === undefined) {
    const message = 'Expected an operation that reads (as: QUERY says so of a POST); this one is a mutation.';
    return { ok: false, problems: [{ path: 'argument', message }] };
  }
  const parameters = mapKeys(input, operation, field.args, problems);
  const max = input.max ?? DEFAULT_MAX;
  if (!Number.isInteger(max) || max < 1 || max > MOST) {
    problems.push({ path: 'max', message: `Expected a whole number from 1 to ${MOST}; got ${max}.` });
  }
  const match = readMatch(input, inputTypeAt(field.args, input.argument), problems);
  const items = input.items === undefined || input.items === '' ? [] : input.items.split('.');
  if (match === undefined) return { ok: false, problems };
  problems.push(...answerProblems(field, items, match));
  if (problems.length > 0) return { ok: false, problems };
  const batch: BatchDescription = { argument: input.argument, max, items, match, many: input.many === true };
  return { ok: true, operation: { ...operation, parameters, batch } };
}

/** Gives operations their bulk forms; one that does not match its operation is left out, and its problems come back. */
export function addBatches(
  declared: readonly OperationInput[],
  mapped: readonly { operation: RestOperation }[],
  schema: GraphQLSchema,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, { operation: name, batch, pagination }] of declared.entries()) {
    const entry = mapped.find(({ operation }) => operation.name === name);
    if (batch === undefined || entry === undefined) continue;
    const place = `input.rest.operations.${index}.batch`;
    if (pagination !== undefined) {
      problems.push({ path: place, message: 'Expected a bulk form or pagination of an operation; got both.' });
      continue;
    }
    const made = mapBatch(batch, entry.operation, schema);
    if (made.ok) entry.operation = made.operation;
    else problems.push(...made.problems.map(({ path, message }) => ({ path: `${place}.${path}`, message })));
  }
  return problems;
}

function answerProblems(
  field: GraphQLField<unknown, unknown>,
  items: readonly string[],
  match: BatchDescription['match'],
): readonly Problem[] {
  const item = batchItemType(field.type, { items, match });
  return item.ok ? [] : [{ path: item.at, message: item.message }];
}

function readMatch(
  input: BatchInput,
  argument: GraphQLInputType | undefined,
  problems: Problem[],
): BatchDescription['match'] | undefined {
  const fields = [input.matchBy ?? []].flat();
  const ways = [
    ...(fields.length === 0 ? [] : ['matchBy']),
    ...(input.map === true ? ['map'] : []),
    ...(input.position === true ? ['position'] : []),
  ];
  const refuse = (path: string, message: string): undefined => {
    problems.push({ path, message });
  };
  if (ways.length !== 1) {
    const came = ways.join(', ') || 'none';
    return refuse('matchBy', `Expected exactly one of matchBy, map and position; got ${came}.`);
  }
  const key = argument && keyOf(argument);
  const object = isInputObjectType(key) ? key : undefined;
  if (input.position === true) return { by: 'POSITION' };
  if (input.map === true) {
    if (object === undefined) return { by: 'MAP' };
    const keys = `Expected keys that are one value each, as a map has them; ${input.argument} takes ${object.name}`;
    return refuse('map', `${keys}.`);
  }
  const [only, ...others] = fields.map((text) => text.split('.'));
  if (object === undefined && only !== undefined && others.length === 0) return { by: 'FIELD', field: only };
  if (object === undefined && key?.toString() !== 'JSON') {
    const keys = `Expected one field, as ${input.argument} takes keys that are one value each`;
    return refuse('matchBy', `${keys}; got ${fields.join(', ')}.`);
  }
  const missing = object && fields.find((text) => inputTypeAt(Object.values(object.getFields()), text) === undefined);
  if (object !== undefined && missing !== undefined) {
    const keys = `Expected fields of ${object.name}, which keys are, so that items can be told by them`;
    return refuse('matchBy', `${keys}; got ${JSON.stringify(missing)}.`);
  }
  return { by: 'FIELDS', fields: fields.map((text) => ({ key: text.split('.'), item: text.split('.') })) };
}

/** The type of one key. */
function keyOf(argument: GraphQLInputType): GraphQLNullableType {
  const list = getNullableType(argument);
  return isListType(list) ? getNullableType(list.ofType) : list;
}

/** The parameters, that of the keys sent in the form that was asked for. */
function mapKeys(
  input: BatchInput,
  operation: RestOperation,
  args: readonly GraphQLArgument[],
  problems: Problem[],
): readonly ParameterPlan[] {
  const { form } = input;
  const add = (path: string, message: string): readonly ParameterPlan[] => {
    problems.push({ path, message });
    return operation.parameters;
  };
  const type = inputTypeAt(args, input.argument);
  if (type === undefined) {
    return add('argument', `Expected an argument of ${operation.name}; got ${JSON.stringify(input.argument)}.`);
  }
  const parameter = operation.parameters.find(({ argument }) => argument === input.argument);
  const inBody = parameter === undefined;
  if (inBody && form !== undefined && form !== 'JSON_BODY') {
    return add('form', `Expected JSON_BODY, as ${input.argument} is in the body; got ${form}.`);
  }
  if (inBody && operation.body?.encoding !== 'json') {
    return add('argument', `Expected a parameter, or a part of a JSON body; ${input.argument} is sent otherwise.`);
  }
  if (!inBody && form === 'JSON_BODY') {
    return add('form', `Expected REPEATED or COMMA, as ${input.argument} is a parameter; got JSON_BODY.`);
  }
  if (!takesKeys(type, form, parameter)) {
    const expected = inBody ? 'a list of keys' : 'a list of scalars';
    return add('argument', `Expected an argument that takes ${expected}; ${input.argument} is ${String(type)}.`);
  }
  if (parameter === undefined || form === undefined) return operation.parameters;
  if (parameter.in !== 'query') {
    return add('form', `Expected no form, as ${input.argument} is no query parameter; got ${form}.`);
  }
  const styled: ParameterPlan = { ...parameter, style: 'form', explode: form === 'REPEATED' };
  return operation.parameters.map((one) => (one === parameter ? styled : one));
}

/** A list of scalars, of objects in a body; or one text of a query that is said to hold several, as many documents have it. */
function takesKeys(type: GraphQLInputType, form: BatchInput['form'], parameter: ParameterPlan | undefined): boolean {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const item = getNullableType(nullable.ofType);
    return !isListType(item) && (isLeaf(item) || parameter === undefined);
  }
  if (isScalarType(nullable) && nullable.name === 'JSON') return true;
  return isLeaf(nullable) && parameter?.in === 'query' && form !== undefined;
}

function isLeaf(type: GraphQLInputType): boolean {
  return !('getFields' in getNamedType(type));
}
