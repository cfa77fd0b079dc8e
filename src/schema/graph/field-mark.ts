import type { FieldMark } from './types.ts';

const KEY = 'weir';

/** What a field's `extensions` hold, so that limits and accounts know an operation's field when they see one. */
export function markExtensions(mark: FieldMark): Readonly<Record<string, unknown>> {
  return { [KEY]: mark };
}

const REQUIRES = 'weirLink';

/**
 * What a link's field holds beside its mark: paths of fields of its parent that it cannot be answered without.
 * A source that fetches only what is selected must fetch them whenever the link is selected.
 */
export function linkExtensions(
  mark: FieldMark,
  requires: readonly (readonly string[])[],
): Readonly<Record<string, unknown>> {
  return { ...markExtensions(mark), [REQUIRES]: requires };
}

/** Paths of parent fields that a link needs; undefined for any other field. */
export function linkRequirements(field: {
  readonly extensions: Readonly<Record<string, unknown>>;
}): readonly (readonly string[])[] | undefined {
  return field.extensions[REQUIRES] as readonly (readonly string[])[] | undefined;
}

/** The mark of a field of the graph; undefined for fields inside a source's types and for the admin API. */
export function fieldMark(field: { readonly extensions: Readonly<Record<string, unknown>> }): FieldMark | undefined {
  return field.extensions[KEY] as FieldMark | undefined;
}
