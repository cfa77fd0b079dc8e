import { isObject, type JsonObject, own, ownArray, ownObject, ownString } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { classify } from './media-types.ts';

/** A schema of the document and where it stands. */
export interface SchemaPlace {
  readonly schema: unknown;
  readonly pointer: string;
}

export interface Discriminator {
  readonly propertyName: string;
  readonly mapping: ReadonlyMap<string, string>;
}

/**
 * What a schema says once its references are followed and its `allOf` is merged.
 * Views with the same `identity` describe the same thing and share one GraphQL type.
 */
export interface SchemaView {
  readonly identity: object;
  /** Of the identity, not of the reference to it. */
  readonly pointer: string;
  readonly types: ReadonlySet<string>;
  readonly nullable: boolean;
  readonly properties: ReadonlyMap<string, SchemaPlace>;
  readonly required: ReadonlySet<string>;
  readonly additional: SchemaPlace | boolean | undefined;
  readonly items: SchemaPlace | undefined;
  readonly tuple: boolean;
  readonly enum: readonly unknown[] | undefined;
  readonly constant: { readonly value: unknown } | undefined;
  readonly format: string | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Groups of alternatives: each group is a oneOf or anyOf. */
  readonly variants: readonly (readonly SchemaPlace[])[];
  readonly discriminator: Discriminator | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  readonly defaultValue: { readonly value: unknown } | undefined;
}

/** Says nothing about a value. */
export function anyView(identity: object, pointer: string): SchemaView {
  return {
    identity,
    pointer,
    types: new Set(),
    nullable: false,
    properties: new Map(),
    required: new Set(),
    additional: undefined,
    items: undefined,
    tuple: false,
    enum: undefined,
    constant: undefined,
    format: undefined,
    minimum: undefined,
    maximum: undefined,
    variants: [],
    discriminator: undefined,
    title: undefined,
    description: undefined,
    deprecated: false,
    readOnly: false,
    writeOnly: false,
    defaultValue: undefined,
  };
}

/** The view of one schema object on its own: `$ref` and `allOf` are left to the caller. */
export function viewOwn(schema: JsonObject, pointer: string): SchemaView {
  const types = typesOf(schema);
  const nullable = schema.nullable === true || schema['x-nullable'] === true || types.has('null');
  types.delete('null');
  const enumeration = ownArray(schema, 'enum');
  return {
    identity: schema,
    pointer,
    types,
    nullable: nullable || (enumeration?.includes(null) ?? false),
    properties: propertiesOf(schema, pointer),
    required: new Set((ownArray(schema, 'required') ?? []).filter((name) => typeof name === 'string')),
    additional: additionalOf(schema, pointer),
    items: itemsOf(schema, pointer),
    tuple: Array.isArray(own(schema, 'items')) || ownArray(schema, 'prefixItems') !== undefined,
    enum: enumeration,
    constant: Object.hasOwn(schema, 'const') ? { value: schema.const } : undefined,
    format: formatOf(schema),
    minimum: boundOf(schema, 'minimum', 'exclusiveMinimum'),
    maximum: boundOf(schema, 'maximum', 'exclusiveMaximum'),
    variants: variantsOf(schema, pointer),
    discriminator: discriminatorOf(schema),
    ...annotationsOf(schema),
  };
}

export function annotationsOf(
  schema: JsonObject,
): Pick<SchemaView, 'title' | 'description' | 'deprecated' | 'readOnly' | 'writeOnly' | 'defaultValue'> {
  return {
    title: ownString(schema, 'title'),
    description: ownString(schema, 'description') ?? ownString(schema, 'title'),
    deprecated: schema.deprecated === true,
    readOnly: schema.readOnly === true,
    writeOnly: schema.writeOnly === true,
    defaultValue: Object.hasOwn(schema, 'default') ? { value: schema.default } : undefined,
  };
}

function typesOf(schema: JsonObject): Set<string> {
  const type = own(schema, 'type');
  const given = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  const known = new Set<string>();
  for (const name of given) {
    const plain = name.toLowerCase();
    if (['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'].includes(plain)) known.add(plain);
    // Mistakes that are common enough to be understood.
    else if (['int', 'long', 'int32', 'int64'].includes(plain)) known.add('integer');
    else if (['float', 'double', 'decimal'].includes(plain)) known.add('number');
    else if (['file', 'date', 'datetime', 'date-time', 'uuid', 'text'].includes(plain)) known.add('string');
    else if (plain === 'bool') known.add('boolean');
  }
  // Every integer is a number.
  if (known.has('number')) known.delete('integer');
  return known;
}

function formatOf(schema: JsonObject): string | undefined {
  const format = ownString(schema, 'format')?.toLowerCase();
  if (format !== undefined) return format;
  if (schema.type === 'file') return 'binary';
  if (typeof schema.contentMediaType === 'string' && schema.contentEncoding === undefined) {
    return classify(schema.contentMediaType) === 'binary' ? 'binary' : undefined;
  }
  return schema.contentEncoding === 'base64' ? 'byte' : undefined;
}

function propertiesOf(schema: JsonObject, pointer: string): ReadonlyMap<string, SchemaPlace> {
  const properties = ownObject(schema, 'properties');
  const found = new Map<string, SchemaPlace>();
  if (properties === undefined) return found;
  for (const [name, value] of Object.entries(properties)) {
    // `false` says that there is no such property.
    if (value !== false) found.set(name, { schema: value, pointer: at(pointer, 'properties', name) });
  }
  return found;
}

function additionalOf(schema: JsonObject, pointer: string): SchemaPlace | boolean | undefined {
  const additional = own(schema, 'additionalProperties');
  if (typeof additional === 'boolean') return additional;
  if (isObject(additional)) return { schema: additional, pointer: at(pointer, 'additionalProperties') };
  return ownObject(schema, 'patternProperties') !== undefined ? true : undefined;
}

function itemsOf(schema: JsonObject, pointer: string): SchemaPlace | undefined {
  const items = own(schema, 'items');
  return isObject(items) ? { schema: items, pointer: at(pointer, 'items') } : undefined;
}

function boundOf(schema: JsonObject, key: string, exclusive: string): number | undefined {
  const value = own(schema, key) ?? own(schema, exclusive);
  return typeof value === 'number' ? value : undefined;
}

function variantsOf(schema: JsonObject, pointer: string): (readonly SchemaPlace[])[] {
  const groups: (readonly SchemaPlace[])[] = [];
  for (const key of ['oneOf', 'anyOf'] as const) {
    const list = ownArray(schema, key);
    if (list === undefined || list.length === 0) continue;
    groups.push(list.map((variant, index) => ({ schema: variant, pointer: at(pointer, key, index) })));
  }
  return groups;
}

function discriminatorOf(schema: JsonObject): Discriminator | undefined {
  const given = own(schema, 'discriminator');
  const propertyName =
    typeof given === 'string' ? given : isObject(given) ? ownString(given, 'propertyName') : undefined;
  if (propertyName === undefined) return undefined;
  const mapping = isObject(given) ? (ownObject(given, 'mapping') ?? {}) : {};
  const entries = Object.entries(mapping).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { propertyName, mapping: new Map(entries) };
}
