import type { MappedInput } from './mapper.ts';
import type { SchemaView } from './schema-view.ts';

/**
 * The default (or only) value of a schema as GraphQL knows it; undefined when there is none or it does not fit.
 * Only single values: lists and objects as defaults are seldom right in documents.
 */
export function inputDefault(view: SchemaView, mapped: MappedInput): string | number | boolean | undefined {
  const value = (view.constant ?? view.defaultValue)?.value;
  const { shape } = mapped;
  if (shape.kind === 'enum') return shape.toGraphQL.get(JSON.stringify(value));
  if (shape.kind !== 'scalar') return undefined;
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' && shape.scalar === 'String' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'integer':
    case 'bigint':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined;
      return shape.scalar !== 'Int' || Math.abs(value) < 2 ** 31 ? value : undefined;
    case 'json':
      return undefined;
    default: {
      const never: never = shape.type;
      throw new Error(`Unknown type ${String(never)}`);
    }
  }
}
