import type { LinkArgument, LinkSpec } from '../../link/index.ts';
import { checkLink } from '../../link/index.ts';
import type { SourceDescription } from '../../source.ts';
import { isObject, type JsonObject, ownObject, ownString } from '../openapi/json.ts';
import { at, segmentsOf } from '../openapi/pointer.ts';
import { follow, type Place } from '../openapi/walk.ts';
import type { ObjectShape, RestOperation, Shape } from '../plan.ts';
import type { RawOperation } from './collect.ts';
import { camelCase } from './names.ts';
import type { Warnings } from './warnings.ts';

interface MappedOperation {
  readonly raw: RawOperation;
  readonly operation: RestOperation;
}

/** A link object of a success response: OpenAPI 3.1.1 section 4.8.20. */
interface FoundLink {
  readonly name: string;
  readonly value: JsonObject;
  readonly pointer: string;
  readonly from: MappedOperation;
}

/**
 * The `links` of a document as links of its source: a field on the type that the response gives, for every object of
 * that type. What speaks of one request alone (`$request.query.x`, headers) cannot be a field of a type unless the
 * object itself has a property of that name; such a link is a warning.
 */
export function documentLinks(
  document: JsonObject,
  mapped: readonly MappedOperation[],
  source: string,
  description: SourceDescription,
  warnings: Warnings,
): readonly LinkSpec[] {
  const links = new Map<string, LinkSpec>();
  const inOrder = [...mapped].sort((a, b) => (a.raw.pointer < b.raw.pointer ? -1 : 1));
  for (const from of inOrder) {
    for (const found of linksOf(document, from)) {
      const spec = readLink(found, mapped, source);
      if (typeof spec === 'string') {
        warnings.add('LINK_LEFT_OUT', found.pointer, spec);
        continue;
      }
      const place = `${spec.type}.${spec.field}`;
      const known = links.get(place);
      if (known !== undefined) {
        if (JSON.stringify(known) === JSON.stringify(spec)) continue;
        warnings.add('LINK_LEFT_OUT', found.pointer, `Another link is ${place} already; this one is left out.`);
        continue;
      }
      const side = { name: source, description };
      const checked = checkLink(spec, side, side);
      if (checked.ok) links.set(place, spec);
      else {
        const why = checked.problems.map(({ message }) => message).join(' ');
        warnings.add('LINK_LEFT_OUT', found.pointer, `The link ${found.name} is left out: ${why}`);
      }
    }
  }
  return [...links.values()];
}

function* linksOf(document: JsonObject, from: MappedOperation): Generator<FoundLink> {
  const responses = ownObject(from.raw.value, 'responses') ?? {};
  for (const status of Object.keys(responses).sort()) {
    if (!/^(2(\d\d|XX)|default)$/i.test(status)) continue;
    const pointer = at(from.raw.pointer, 'responses', status);
    const response = follow(document, { value: responses[status], pointer });
    if (response === undefined || !isObject(response.value)) continue;
    const links = ownObject(response.value, 'links') ?? {};
    for (const name of Object.keys(links).sort()) {
      const place: Place | undefined = follow(document, {
        value: links[name],
        pointer: at(response.pointer, 'links', name),
      });
      if (place === undefined || !isObject(place.value)) continue;
      yield { name, value: place.value, pointer: place.pointer, from };
    }
  }
}

/** The link, or why it is none. */
function readLink(found: FoundLink, mapped: readonly MappedOperation[], source: string): LinkSpec | string {
  const { name, value, from } = found;
  const { shape } = from.operation.answer;
  if (shape === 'none' || shape.kind !== 'object') {
    return `The link ${name} starts from an answer that is not one object; it is left out.`;
  }
  const target = targetOf(value, mapped);
  if (target === undefined) return `The link ${name} leads to no operation that is in the graph; it is left out.`;
  if (value.requestBody !== undefined) return `The link ${name} sends a body, which is not supported; it is left out.`;
  const field = camelCase(name);
  if (field === '') return `The link ${JSON.stringify(name)} has no name that a field could have; it is left out.`;
  const args: LinkArgument[] = [];
  for (const [key, expression] of Object.entries(ownObject(value, 'parameters') ?? {})) {
    const argument = argumentOf(target, key);
    if (argument === undefined)
      return `The link ${name} gives ${key}, which its operation does not take; it is left out.`;
    const read = readExpression(expression, argument, shape, from);
    if (read === undefined) {
      return `The link ${name} gives ${key} from ${JSON.stringify(expression)}, which an object alone does not tell; it is left out.`;
    }
    args.push(read);
  }
  const description = ownString(value, 'description');
  return {
    type: shape.typeName,
    field,
    ...(description === undefined ? {} : { description }),
    target: source,
    operation: target.name,
    arguments: args,
  };
}

function targetOf(value: JsonObject, mapped: readonly MappedOperation[]): RestOperation | undefined {
  const id = ownString(value, 'operationId');
  if (id !== undefined) return mapped.find(({ operation }) => operation.name === id)?.operation;
  const reference = ownString(value, 'operationRef');
  if (reference?.startsWith('#') !== true) return undefined;
  const pointer = at('', ...segmentsOf(reference));
  return mapped.find(({ raw }) => raw.pointer === pointer)?.operation;
}

/** `userId`, or with its place `path.userId`. */
function argumentOf({ parameters }: RestOperation, key: string): string | undefined {
  const qualified = /^(path|query|header|cookie)\.(.+)$/.exec(key);
  const found =
    parameters.find(({ name }) => name === key) ??
    parameters.find((parameter) => parameter.in === qualified?.[1] && parameter.name === qualified[2]);
  return found?.argument;
}

/** A runtime expression (OpenAPI 3.1.1 section 4.8.20.4) over an object of the answer; anything else is a constant. */
function readExpression(
  expression: unknown,
  name: string,
  shape: ObjectShape,
  from: MappedOperation,
): LinkArgument | undefined {
  if (typeof expression !== 'string' || !/\$(url|method|statusCode|request|response)\b/.test(expression)) {
    return { name, from: 'VALUE', value: expression };
  }
  const ofBody = /^\$response\.body#(\/.+)$/.exec(expression)?.[1];
  if (ofBody !== undefined) {
    const field = fieldPath(shape, segmentsOf(ofBody));
    return field === undefined ? undefined : { name, from: 'FIELD', field };
  }
  const parameter = /^\$request\.(path|query)\.(.+)$/.exec(expression);
  if (parameter === null) return undefined;
  const sent = from.operation.parameters.some((one) => one.in === parameter[1] && one.name === parameter[2]);
  const field = sent ? fieldPath(shape, [parameter[2] ?? '']) : undefined;
  return field === undefined ? undefined : { name, from: 'FIELD', field };
}

/** The path in names of the graph, of a path in names of the wire. */
function fieldPath(shape: ObjectShape, segments: readonly string[]): string | undefined {
  const steps: string[] = [];
  let current: Shape = shape;
  for (const segment of segments) {
    if (current.kind !== 'object') return undefined;
    const field: ObjectShape['fields'][number] | undefined = current.fields.find(
      ({ property }) => property === segment,
    );
    if (field === undefined) return undefined;
    steps.push(field.field);
    current = field.shape;
  }
  return steps.join('.');
}
