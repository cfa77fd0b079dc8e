import { atOnce, type Steps } from '../../../runtime/index.ts';
import type { RestDefinition } from '../definition.ts';
import { isObject, type JsonObject, ownObject, ownString } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { follow, type Method, operationsOf } from '../openapi/walk.ts';
import { camelCase, NameScope, pascalCase } from './names.ts';
import type { Warnings } from './warnings.ts';

/** An operation of the document with its names settled. */
export interface RawOperation {
  /** The operation id, or `METHOD /path` without one; unique. */
  readonly name: string;
  readonly field: string;
  readonly kind: 'query' | 'mutation';
  readonly method: Method;
  readonly path: string;
  readonly pointer: string;
  readonly value: JsonObject;
  readonly pathItem: JsonObject;
  readonly pathPointer: string;
  /** Its place in the document's order. */
  readonly order: number;
}

interface Found {
  readonly id: string | undefined;
  readonly method: Method;
  readonly path: string;
  readonly pointer: string;
  readonly value: JsonObject;
  readonly pathItem: JsonObject;
  readonly pathPointer: string;
  readonly order: number;
}

const SAFE: ReadonlySet<string> = new Set(['get', 'head', 'options', 'trace']);

/**
 * All operations of a document, sorted by path and method. Names are settled over all of them,
 * before any is left out, so that they do not depend on what is exposed nor on the document's order.
 */
export function collectOperations(
  definition: Pick<RestDefinition, 'document' | 'operations'>,
  warnings: Warnings,
): readonly RawOperation[] {
  return atOnce(collectSteps(definition, warnings));
}

/** The same in steps: some documents have fifteen thousand operations. */
export function* collectSteps(
  definition: Pick<RestDefinition, 'document' | 'operations'>,
  warnings: Warnings,
): Steps<readonly RawOperation[]> {
  const found = find(definition.document);
  yield;
  const overrides = new Map(definition.operations.map((operation) => [operation.operation, operation]));
  const names = operationNames(found, warnings);
  yield;
  const fields = { query: new NameScope(), mutation: new NameScope() };
  const named = found.map((operation) => {
    const name = names.get(operation) ?? '';
    const override = overrides.get(name);
    const reads = override?.as === undefined ? SAFE.has(operation.method) : override.as === 'QUERY';
    const kind = reads ? ('query' as const) : ('mutation' as const);
    return { operation, name, kind, chosen: override?.field, derived: derivedField(operation, name) };
  });
  yield;
  const settled = new Map<Found, string>();
  for (const { operation, kind, chosen } of named)
    if (chosen !== undefined) settled.set(operation, fields[kind].take(chosen));
  for (const { operation, name, kind, derived } of named) {
    if (settled.has(operation)) continue;
    const free = fields[kind].has(derived) ? pathName(operation) : derived;
    const field = fields[kind].take(free);
    settled.set(operation, field);
    if (field !== derived) {
      warnings.add('RENAMED', operation.pointer, `The field ${derived} is taken; ${name} is ${field}.`);
    }
  }
  yield;
  return named.map(({ operation, name, kind }) => {
    const { id: _id, ...rest } = operation;
    return { ...rest, name, kind, field: settled.get(operation) ?? '' };
  });
}

/** Whether an operation is to be in the graph. */
export function isSelected(name: string, include: readonly string[], exclude: readonly string[]): boolean {
  const included = include.length === 0 || include.some((pattern) => matches(pattern, name));
  return included && !exclude.some((pattern) => matches(pattern, name));
}

/** `*` stands for any run of characters, everything else for itself. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const place = name.indexOf(part, from);
    if (place < 0) return false;
    from = place + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

function find(document: JsonObject): readonly Found[] {
  const found: Found[] = [];
  for (const [path, value] of Object.entries(ownObject(document, 'paths') ?? {})) {
    if (path.startsWith('x-')) continue;
    const pathPointer = at('/paths', path);
    const item = follow(document, { value, pointer: pathPointer });
    if (item === undefined || !isObject(item.value)) continue;
    for (const operation of operationsOf(item)) {
      if (!isObject(operation.value)) continue;
      const id = ownString(operation.value, 'operationId')?.trim();
      found.push({
        id: id === '' ? undefined : id,
        method: operation.method,
        path,
        pointer: at(pathPointer, operation.method),
        value: operation.value,
        pathItem: item.value,
        pathPointer,
        order: found.length,
      });
    }
  }
  return found.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Ids where they are there and unique; the others go by method and path. */
function operationNames(found: readonly Found[], warnings: Warnings): ReadonlyMap<Found, string> {
  const names = new Map<Found, string>();
  const taken = new Set<string>();
  for (const operation of found) {
    const { id, method, path, pointer } = operation;
    const plain = `${method.toUpperCase()} ${path}`;
    if (id !== undefined && taken.has(id)) {
      warnings.add(
        'DUPLICATE_OPERATION_ID',
        at(pointer, 'operationId'),
        `The id ${JSON.stringify(id)} is used before; this operation is ${JSON.stringify(plain)}.`,
      );
    }
    const name = id === undefined || taken.has(id) ? plain : id;
    taken.add(name);
    names.set(operation, name);
  }
  return names;
}

function derivedField(operation: Found, name: string): string {
  return (operation.id === name ? camelCase(name) : '') || pathName(operation);
}

/** `GET /items/{id}` as `getItemsById`. */
function pathName({ method, path }: Found): string {
  const parts = path
    .split('/')
    .map((segment) => segment.replaceAll(/\{([^}]*)\}/g, ' by $1 '))
    .map((segment) => pascalCase(segment).replace(/^_/, ''));
  const joined = parts.join('');
  return `${method}${joined === '' ? 'Root' : joined}`;
}
