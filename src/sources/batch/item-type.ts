import { type GraphQLOutputType, getNullableType, isListType, isObjectType, isScalarType } from 'graphql';
import type { BatchDescription } from './batch.ts';

export type ItemType =
  | { readonly ok: true; readonly type: GraphQLOutputType }
  /** `at`: the part of the declaration that does not fit. */
  | { readonly ok: false; readonly at: 'items' | 'matchBy'; readonly message: string };

/** The type of the items in a bulk answer, nullable; or how the declaration does not fit the operation's type. */
export function batchItemType(answer: GraphQLOutputType, batch: Pick<BatchDescription, 'items' | 'match'>): ItemType {
  const reached = outputAt(answer, batch.items);
  if (reached === undefined) {
    return { ok: false, at: 'items', message: `Expected a path in ${String(answer)}; got ${batch.items.join('.')}.` };
  }
  // Untyped parts of a document: what comes shows when it comes.
  if (isScalarType(reached) && reached.name === 'JSON') return { ok: true, type: reached };
  const item = isListType(reached) ? nullable(reached.ofType) : undefined;
  const { match } = batch;
  if (item === undefined) {
    const expected = match.by === 'MAP' ? 'a map' : 'a list';
    return { ok: false, at: 'items', message: `Expected ${expected} in the answer; got ${String(reached)}.` };
  }
  if (match.by === 'MAP') {
    const value = isObjectType(item) ? item.getFields().value : undefined;
    const isEntry = isObjectType(item) && item.getFields().key !== undefined && value !== undefined;
    if (isEntry) return { ok: true, type: nullable(value.type) };
    return { ok: false, at: 'items', message: `Expected a map in the answer; got ${String(reached)}.` };
  }
  for (const field of fieldsOf(match)) {
    const key = outputAt(item, field);
    if (key === undefined || isListType(key) || isObjectType(key)) {
      const got = JSON.stringify(field.join('.'));
      return {
        ok: false,
        at: 'matchBy',
        message: `Expected a field of ${String(item)} that holds the key; got ${got}.`,
      };
    }
  }
  return { ok: true, type: item };
}

function fieldsOf(match: BatchDescription['match']): readonly (readonly string[])[] {
  if (match.by === 'FIELD') return [match.field];
  return match.by === 'FIELDS' ? match.fields.map(({ item }) => item) : [];
}

/** The type at the end of a path through objects; undefined when it leads nowhere. Through JSON everything is JSON. */
function outputAt(type: GraphQLOutputType, path: readonly string[]): GraphQLOutputType | undefined {
  let at = nullable(type);
  for (const step of path) {
    if (isScalarType(at) && at.name === 'JSON') return at;
    const field = isObjectType(at) ? at.getFields()[step] : undefined;
    if (field === undefined) return undefined;
    at = nullable(field.type);
  }
  return at;
}

function nullable(type: GraphQLOutputType): GraphQLOutputType {
  return getNullableType(type);
}
