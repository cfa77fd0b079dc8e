import { GraphQLEnumType } from 'graphql';
import type { EnumShape } from '../plan.ts';
import type { Mapper } from './mapper.ts';
import { enumValueName, NameScope } from './names.ts';
import type { SchemaView } from './schema-view.ts';

interface MappedEnum {
  readonly type: GraphQLEnumType;
  readonly shape: EnumShape;
}

/** An enum. It is the same type in answers and arguments; inside Weir its values go by their GraphQL names. */
export function mapEnum(mapper: Mapper, view: SchemaView, hint: string): MappedEnum {
  const values = distinct(view);
  const scope = new NameScope();
  const names = new Map<string | number | boolean, string>();
  // Values that are names already keep them, whatever stands before them.
  for (const value of values) if (enumValueName(value) === value) names.set(value, scope.take(value));
  const renamed: string[] = [];
  for (const value of values) {
    if (names.has(value)) continue;
    const name = scope.take(enumValueName(value));
    names.set(value, name);
    renamed.push(`${JSON.stringify(value)} is ${name}`);
  }
  const typeName = mapper.names.output(view, hint);
  if (renamed.length > 0) {
    const shown = renamed.slice(0, 10).join(', ') + (renamed.length > 10 ? `, and ${renamed.length - 10} more` : '');
    mapper.warnings.add('ENUM_VALUE_RENAMED', view.pointer, `Values that are no GraphQL names are renamed: ${shown}.`);
  }
  const pairs = values.map((value) => [value, names.get(value) ?? ''] as const);
  const type = new GraphQLEnumType({
    name: typeName,
    description: view.description,
    values: Object.fromEntries(
      pairs.map(([value, name]) => [
        name,
        name === value ? {} : { description: `On the wire: ${JSON.stringify(value)}` },
      ]),
    ),
  });
  const shape: EnumShape = {
    kind: 'enum',
    typeName,
    toGraphQL: new Map(pairs.map(([value, name]) => [JSON.stringify(value), name])),
    toWire: new Map(pairs.map(([value, name]) => [name, value])),
  };
  const mapped = { type, shape };
  mapper.outputs.set(view.identity, mapped);
  mapper.inputs.set(view.identity, mapped);
  return mapped;
}

/** The values on the wire, without null, each once; numbers of an enum of texts are the texts they stand for. */
function distinct(view: SchemaView): readonly (string | number | boolean)[] {
  const values = new Set<string | number | boolean>();
  for (const value of view.enum ?? []) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    if (view.types.has('string')) values.add(String(value));
    else if (typeof value === 'string' && isNumeric(view) && value.trim() !== '' && Number.isFinite(Number(value))) {
      values.add(Number(value));
    } else values.add(value);
  }
  return [...values];
}

function isNumeric(view: SchemaView): boolean {
  return view.types.has('integer') || view.types.has('number');
}
