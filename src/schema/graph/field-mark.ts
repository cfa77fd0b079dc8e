import type { FieldMark } from './types.ts';

const KEY = 'weir';

/** What a field's `extensions` hold, so that limits and accounts know an operation's field when they see one. */
export function markExtensions(mark: FieldMark): Readonly<Record<string, unknown>> {
  return { [KEY]: mark };
}

/** The mark of a field of the graph; undefined for fields inside a source's types and for the admin API. */
export function fieldMark(field: { readonly extensions: Readonly<Record<string, unknown>> }): FieldMark | undefined {
  return field.extensions[KEY] as FieldMark | undefined;
}
