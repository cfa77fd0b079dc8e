import type { JsonSchema } from '../../../models/index.ts';
import type { ScalarName, Shape } from './shape.ts';

const JSON_TYPES: Readonly<Record<ScalarName, string>> = {
  String: 'string',
  ID: 'string',
  Int: 'integer',
  Float: 'number',
  Boolean: 'boolean',
};

/**
 * The JSON schema of a shape, in the subset that vendors take for structured output: every property required (what may
 * be missing is nullable instead), nothing else allowed.
 */
export function jsonSchemaOf(shape: Shape, description?: string): JsonSchema {
  return { ...(description === undefined ? {} : { description }), ...bare(shape) };
}

function bare(shape: Shape): Record<string, unknown> {
  switch (shape.kind) {
    case 'scalar':
      return { type: typeOf(JSON_TYPES[shape.scalar], shape.nullable) };
    case 'enum':
      return {
        type: typeOf('string', shape.nullable),
        enum: shape.nullable ? [...shape.values, null] : shape.values,
      };
    case 'list':
      return { type: typeOf('array', shape.nullable), items: jsonSchemaOf(shape.item) };
    case 'object':
      return {
        type: typeOf('object', shape.nullable),
        properties: Object.fromEntries(
          shape.fields.map((field) => [field.name, jsonSchemaOf(field.shape, field.description)]),
        ),
        required: shape.fields.map(({ name }) => name),
        additionalProperties: false,
      };
    case 'file':
      throw new TypeError('A model cannot answer with a file; reading a definition refuses one.');
    default: {
      const never: never = shape;
      return never;
    }
  }
}

function typeOf(type: string, nullable: boolean): string | readonly string[] {
  return nullable ? [type, 'null'] : type;
}
