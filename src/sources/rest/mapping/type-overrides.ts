import type { OperationInput } from '../definition.ts';
import { isObject, type JsonObject, ownObject } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { follow } from '../openapi/walk.ts';
import type { RawOperation } from './collect.ts';
import { mediaOf, preferred } from './media-types.ts';
import type { SchemaView } from './schema-view.ts';
import type { TypeMapper } from './type-mapper.ts';

/**
 * Type names that the registration gives per operation. The name is that of the answer's object, of its items
 * where the answer is a list. A component that several operations answer with is one type: it is renamed for all.
 */
export function overrideTypes(
  mapper: TypeMapper,
  document: JsonObject,
  operations: readonly RawOperation[],
  overrides: ReadonlyMap<string, OperationInput>,
): void {
  const done = new Map<string, string>();
  for (const operation of operations) {
    const name = overrides.get(operation.name)?.type;
    if (name === undefined) continue;
    const view = answerView(mapper, document, operation);
    if (view === undefined) continue;
    const before = done.get(view.pointer);
    if (before !== undefined && before !== name) {
      mapper.warnings.add('RENAMED', view.pointer, `This type is to be both ${before} and ${name}; it is ${before}.`);
      continue;
    }
    if (before === undefined) mapper.names.override(view.pointer, name);
    done.set(view.pointer, name);
  }
}

function answerView(mapper: TypeMapper, document: JsonObject, operation: RawOperation): SchemaView | undefined {
  const responses = ownObject(operation.value, 'responses') ?? {};
  const status = Object.keys(responses)
    .filter((key) => /^2(\d\d|XX)$/i.test(key))
    .sort()[0];
  if (status === undefined) return undefined;
  const place = follow(document, { value: responses[status], pointer: at(operation.pointer, 'responses', status) });
  if (place === undefined || !isObject(place.value)) return undefined;
  const media = preferred(mediaOf(place.value, place.pointer), ['json', 'any']);
  if (media?.schema === undefined) return undefined;
  let view = mapper.reader.read({ schema: media.schema, pointer: at(media.pointer, 'schema') });
  for (let depth = 0; depth < 5 && view.items !== undefined; depth++) view = mapper.reader.read(view.items);
  return view;
}
