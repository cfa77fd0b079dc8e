import {
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  GraphQLNonNull,
  GraphQLObjectType,
} from 'graphql';
import { at } from '../openapi/pointer.ts';
import type { FieldShape, ObjectShape } from '../plan.ts';
import { inputDefault } from './defaults.ts';
import type { MappedInput, MappedOutput, Mapper } from './mapper.ts';
import { NameScope, pascalCase, safeName } from './names.ts';
import type { SchemaView } from './schema-view.ts';

/** Why something is marked deprecated in the graph when the document gives no reason. */
export const DEPRECATED = 'Deprecated by the upstream.';

interface Property {
  readonly name: string;
  readonly view: SchemaView;
}

/** The properties an answer may have. */
export function outputProperties(mapper: Mapper, view: SchemaView): readonly Property[] {
  return properties(mapper, view).filter((property) => !property.view.writeOnly);
}

/** The properties a request may have. */
export function inputProperties(mapper: Mapper, view: SchemaView): readonly Property[] {
  return properties(mapper, view).filter((property) => !property.view.readOnly);
}

function properties(mapper: Mapper, view: SchemaView): readonly Property[] {
  return [...view.properties].map(([name, place]) => ({ name, view: mapper.reader.read(place) }));
}

/** An object of answers: all fields nullable, whatever the document promises. */
export function mapOutputObject(mapper: Mapper, view: SchemaView, hint: string, wanted?: string): MappedOutput {
  const typeName = wanted ?? mapper.names.output(view, hint);
  const fields: Record<string, GraphQLFieldConfig<unknown, unknown>> = {};
  const shape: ObjectShape = { kind: 'object', typeName, fields: [] };
  const type = new GraphQLObjectType({ name: typeName, description: view.description, fields: () => fields });
  const mapped = { type, shape };
  mapper.outputs.set(view.identity, mapped);
  mapper.later(() => {
    const members = outputProperties(mapper, view);
    const names = fieldNames(mapper, view, members);
    for (const property of members) {
      const field = names.get(property.name) ?? '';
      const value = mapper.output(property.view, `${bare(mapper, typeName)}${pascalCase(property.name)}`);
      fields[field] = {
        type: value.type,
        description: property.view.description,
        deprecationReason: property.view.deprecated ? DEPRECATED : undefined,
      };
      shape.fields.push(fieldShape(mapper, view, property, field, value.shape));
    }
    noteDropped(mapper, view);
  });
  return mapped;
}

/** An object of arguments. Required properties are non-null, unless they have a default to fall back to. */
export function mapInputObject(mapper: Mapper, view: SchemaView, hint: string): MappedInput {
  const typeName = mapper.names.input(view, hint);
  const fields: Record<string, GraphQLInputFieldConfig> = {};
  const shape: ObjectShape = { kind: 'object', typeName, fields: [] };
  const type = new GraphQLInputObjectType({ name: typeName, description: view.description, fields: () => fields });
  const mapped = { type, shape };
  mapper.inputs.set(view.identity, mapped);
  mapper.later(() => {
    const members = inputProperties(mapper, view);
    const names = fieldNames(mapper, view, members);
    for (const property of members) {
      const field = names.get(property.name) ?? '';
      const value = mapper.input(
        property.view,
        `${bare(mapper, typeName).replace(/Input$/, '')}${pascalCase(property.name)}`,
      );
      const required = view.required.has(property.name) && !admitsNull(mapper, property.view);
      const defaultValue = required ? inputDefault(property.view, value) : undefined;
      const nonNull = required && defaultValue === undefined;
      fields[field] = {
        type: nonNull ? new GraphQLNonNull(value.type) : value.type,
        description: property.view.description,
        ...(defaultValue === undefined ? {} : { defaultValue }),
        // GraphQL does not let a required field be deprecated.
        deprecationReason: property.view.deprecated && !nonNull ? DEPRECATED : undefined,
      };
      shape.fields.push(fieldShape(mapper, view, property, field, value.shape));
    }
    noteDropped(mapper, view);
  });
  return mapped;
}

function fieldShape(
  mapper: Mapper,
  view: SchemaView,
  property: Property,
  field: string,
  shape: FieldShape['shape'],
): FieldShape {
  return {
    field,
    property: property.name,
    shape,
    required: view.required.has(property.name),
    nullable: admitsNull(mapper, property.view),
  };
}

/** Whether null is a value of it, itself or as one of its alternatives. */
export function admitsNull(mapper: Mapper, view: SchemaView): boolean {
  return view.nullable || view.variants.some((group) => group.some((place) => mapper.reader.read(place).nullable));
}

/** Field by property. Properties that are names already keep them, whatever stands before them. */
function fieldNames(mapper: Mapper, view: SchemaView, members: readonly Property[]): ReadonlyMap<string, string> {
  const scope = new NameScope();
  const names = new Map<string, string>();
  for (const { name } of members) if (name !== '' && safeName(name, '') === name) names.set(name, scope.take(name));
  for (const [index, { name }] of members.entries()) {
    if (names.has(name)) continue;
    const field = scope.take(safeName(name, `field${index + 1}`));
    names.set(name, field);
    mapper.warnings.add(
      'RENAMED',
      at(view.pointer, 'properties', name),
      `The property ${JSON.stringify(name)} is the field ${field}.`,
    );
  }
  return names;
}

/** A type's name without the source's prefix, to make names of. */
export function bare(mapper: Mapper, typeName: string): string {
  return typeName.startsWith(mapper.names.prefix) ? typeName.slice(mapper.names.prefix.length) : typeName;
}

function noteDropped(mapper: Mapper, view: SchemaView): void {
  if (typeof view.additional !== 'object') return;
  mapper.warnings.add(
    'ADDITIONAL_PROPERTIES',
    at(view.pointer, 'additionalProperties'),
    'Beside the named properties there may be others; those are not in the graph.',
  );
}
