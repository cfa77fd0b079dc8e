import type { FieldShape, ObjectShape, ScalarShape, Shape } from './shape.ts';

/** Mistakes told at once: a model that is told of more does not do better. */
const MAX_MISTAKES = 20;
const INT_MAX = 2 ** 31;

export type ReadValue =
  | { readonly ok: true; readonly value: unknown }
  /** Each with its path: `$.tags[2]: expected a string; got a number.` Never with the value itself. */
  | { readonly ok: false; readonly mistakes: readonly string[] };

/**
 * A JSON value as a value of the shape, frozen. Strict: nothing is coerced, and what the shape does not have is a
 * mistake. Only what is nullable may be missing.
 */
export function readValue(shape: Shape, value: unknown): ReadValue {
  const mistakes: string[] = [];
  const read = new Reader(mistakes).read(shape, value, '$');
  return mistakes.length === 0 ? { ok: true, value: read } : { ok: false, mistakes };
}

class Reader {
  readonly #mistakes: string[];

  constructor(mistakes: string[]) {
    this.#mistakes = mistakes;
  }

  read(shape: Shape, value: unknown, path: string): unknown {
    if (value === null || value === undefined) {
      if (!shape.nullable) this.#wrong(path, expectation(shape), value);
      return null;
    }
    switch (shape.kind) {
      case 'scalar':
        return isScalar(shape, value) ? value : this.#wrong(path, expectation(shape), value);
      case 'enum':
        return typeof value === 'string' && shape.values.includes(value)
          ? value
          : this.#wrong(path, expectation(shape), value);
      case 'list':
        if (!Array.isArray(value)) return this.#wrong(path, expectation(shape), value);
        return Object.freeze(value.map((item, index) => this.read(shape.item, item, `${path}[${index}]`)));
      case 'object':
        return isObject(value) ? this.#object(shape, value, path) : this.#wrong(path, expectation(shape), value);
      case 'file':
        return value;
      default: {
        const never: never = shape;
        return never;
      }
    }
  }

  #object(shape: ObjectShape, value: Readonly<Record<string, unknown>>, path: string): unknown {
    const known = new Set(shape.fields.map(({ name }) => name));
    for (const name of Object.keys(value)) {
      if (!known.has(name)) this.#say(`${path}: expected no property but ${[...known].join(', ')}; got another.`);
    }
    const given = ({ name }: FieldShape): unknown => (Object.hasOwn(value, name) ? value[name] : undefined);
    return Object.freeze(
      Object.fromEntries(
        shape.fields.map((field) => [field.name, this.read(field.shape, given(field), `${path}.${field.name}`)]),
      ),
    );
  }

  #wrong(path: string, expected: string, value: unknown): null {
    this.#say(`${path}: expected ${expected}; got ${kindOf(value)}.`);
    return null;
  }

  #say(mistake: string): void {
    if (this.#mistakes.length < MAX_MISTAKES) this.#mistakes.push(mistake);
  }
}

function isScalar({ scalar }: ScalarShape, value: unknown): boolean {
  switch (scalar) {
    case 'String':
    case 'ID':
      return typeof value === 'string';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'Int':
      // GraphQL specification, section 3.5.1: 32 bits, signed.
      return Number.isInteger(value) && Number(value) >= -INT_MAX && Number(value) < INT_MAX;
    default: {
      const never: never = scalar;
      return never;
    }
  }
}

function expectation(shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return {
        String: 'a string',
        ID: 'a string',
        Boolean: 'true or false',
        Float: 'a number',
        Int: 'a 32-bit integer',
      }[shape.scalar];
    case 'enum':
      return `one of ${shape.values.join(', ')}`;
    case 'list':
      return 'a list';
    case 'object':
      return 'an object';
    case 'file':
      return 'a file';
    default: {
      const never: never = shape;
      return never;
    }
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
