import type { SchemaView } from './schema-view.ts';

/** What a schema is, in the terms of the mapping. */
export type Kind =
  | 'variants'
  | 'enum'
  | 'list'
  | 'object'
  | 'map'
  | 'any'
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean';

/** Enums larger than this are plain text: a type nobody can read helps nobody. */
const MAX_ENUM = 2_000;

export function kindOf(view: SchemaView): Kind {
  if (view.variants.length > 0) return 'variants';
  if (view.constant !== undefined) return kindOfValues([view.constant.value]);
  if (view.enum !== undefined) return kindOfEnum(view, view.enum);
  const types = [...view.types];
  if (types.length > 1) return 'any';
  switch (types[0]) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return types[0];
    case 'array':
      return 'list';
    case 'object':
      return kindOfObject(view);
    default:
      return kindWithoutType(view);
  }
}

function kindOfObject(view: SchemaView): Kind {
  if (view.properties.size > 0) return 'object';
  return typeof view.additional === 'object' ? 'map' : 'any';
}

function kindWithoutType(view: SchemaView): Kind {
  if (view.properties.size > 0 || typeof view.additional === 'object') return kindOfObject(view);
  if (view.items !== undefined || view.tuple) return 'list';
  if (view.format === undefined) return 'any';
  if (['int32', 'int64'].includes(view.format)) return 'integer';
  if (['float', 'double'].includes(view.format)) return 'number';
  return 'string';
}

function kindOfEnum(view: SchemaView, values: readonly unknown[]): Kind {
  const present = values.filter((value) => value !== null);
  const kind = kindOfValues(present);
  if (kind === 'boolean' || kind === 'any') return view.types.size === 1 && kind === 'any' ? primitiveOf(view) : kind;
  if (present.length > MAX_ENUM) return kind;
  if (view.types.has('boolean') || view.types.has('array') || view.types.has('object')) {
    return kindOf({ ...view, enum: undefined });
  }
  return 'enum';
}

function primitiveOf(view: SchemaView): Kind {
  return kindOf({ ...view, enum: undefined });
}

function kindOfValues(values: readonly unknown[]): Kind {
  if (values.length === 0) return 'any';
  if (values.every((value) => typeof value === 'string')) return 'string';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => typeof value === 'number')) {
    return values.every((value) => Number.isInteger(value)) ? 'integer' : 'number';
  }
  // Texts and numbers in one enum are still a closed list of names.
  return values.every((value) => typeof value === 'string' || typeof value === 'number') ? 'enum' : 'any';
}

/** Whether a kind is a single value without structure. */
export function isPrimitive(kind: Kind): kind is 'string' | 'integer' | 'number' | 'boolean' | 'enum' {
  return kind === 'string' || kind === 'integer' || kind === 'number' || kind === 'boolean' || kind === 'enum';
}
