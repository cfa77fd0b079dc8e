import { isObject, type JsonObject, ownArray, ownObject } from './json.ts';
import { at, segmentsOf, valueAt } from './pointer.ts';

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
export type Method = (typeof METHODS)[number];

/** A value and its place in the document. */
export interface Place {
  readonly value: unknown;
  readonly pointer: string;
}

/** Where a place leads after its `$ref`s; undefined when one leads nowhere or round in a circle. */
export function follow(document: JsonObject, place: Place): Place | undefined {
  let current = place;
  for (let hops = 0; hops < 100; hops++) {
    if (!isObject(current.value) || typeof current.value.$ref !== 'string') return current;
    const reference = current.value.$ref;
    if (!reference.startsWith('#')) return undefined;
    const value = valueAt(document, reference);
    if (value === undefined) return undefined;
    current = { value, pointer: at('', ...segmentsOf(reference)) };
  }
  return undefined;
}

/** The media types of a `content` map. */
export function* mediaTypes(holder: Place): Generator<{ readonly name: string } & Place> {
  if (!isObject(holder.value)) return;
  const content = ownObject(holder.value, 'content');
  if (content === undefined) return;
  for (const [name, value] of Object.entries(content)) {
    yield { name, value, pointer: at(holder.pointer, 'content', name) };
  }
}

/** The operations of a path item. */
export function* operationsOf(pathItem: Place): Generator<{ readonly method: Method } & Place> {
  if (!isObject(pathItem.value)) return;
  for (const method of METHODS) {
    if (Object.hasOwn(pathItem.value, method)) {
      yield { method, value: pathItem.value[method], pointer: at(pathItem.pointer, method) };
    }
  }
}

/** Every place of an OpenAPI 3 document that holds a schema, outermost only, references not followed. */
export function* schemaRoots(document: JsonObject): Generator<Place> {
  const components = ownObject(document, 'components') ?? {};
  yield* entries(components, 'schemas', '/components');
  for (const parameter of entries(components, 'parameters', '/components')) yield* ofParameter(parameter);
  for (const header of entries(components, 'headers', '/components')) yield* ofParameter(header);
  for (const body of entries(components, 'requestBodies', '/components')) yield* ofContent(body);
  for (const response of entries(components, 'responses', '/components')) yield* ofResponse(response);
  for (const pathItem of entries(components, 'pathItems', '/components')) yield* ofPathItem(pathItem);
  for (const pathItem of entries(document, 'paths', '')) yield* ofPathItem(pathItem);
}

function* ofPathItem(pathItem: Place): Generator<Place> {
  if (!isObject(pathItem.value)) return;
  yield* ofParameters(pathItem);
  for (const operation of operationsOf(pathItem)) {
    if (!isObject(operation.value)) continue;
    yield* ofParameters(operation);
    yield* ofContent({ value: operation.value.requestBody, pointer: at(operation.pointer, 'requestBody') });
    for (const response of entries(operation.value, 'responses', operation.pointer)) yield* ofResponse(response);
  }
}

function* ofParameters(holder: Place): Generator<Place> {
  if (!isObject(holder.value)) return;
  const parameters = ownArray(holder.value, 'parameters') ?? [];
  for (const [index, value] of parameters.entries()) {
    yield* ofParameter({ value, pointer: at(holder.pointer, 'parameters', index) });
  }
}

function* ofParameter(parameter: Place): Generator<Place> {
  if (!isObject(parameter.value)) return;
  if (isObject(parameter.value.schema)) {
    yield { value: parameter.value.schema, pointer: at(parameter.pointer, 'schema') };
  }
  yield* ofContent(parameter);
}

function* ofContent(holder: Place): Generator<Place> {
  for (const media of mediaTypes(holder)) {
    if (isObject(media.value) && isObject(media.value.schema)) {
      yield { value: media.value.schema, pointer: at(media.pointer, 'schema') };
    }
  }
}

function* ofResponse(response: Place): Generator<Place> {
  yield* ofContent(response);
  if (!isObject(response.value)) return;
  for (const header of entries(response.value, 'headers', response.pointer)) yield* ofParameter(header);
}

function* entries(holder: JsonObject, key: string, pointer: string): Generator<Place> {
  const map = ownObject(holder, key);
  if (map === undefined) return;
  for (const [name, value] of Object.entries(map)) yield { value, pointer: at(pointer, key, name) };
}
