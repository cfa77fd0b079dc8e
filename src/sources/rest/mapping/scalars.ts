import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  valueFromASTUntyped,
} from 'graphql';
import {
  GraphQLBigInt,
  GraphQLByte,
  GraphQLDate,
  GraphQLDateTime,
  GraphQLDuration,
  GraphQLEmailAddress,
  GraphQLIPv4,
  GraphQLIPv6,
  GraphQLJSON,
  GraphQLSafeInt,
  GraphQLURL,
  GraphQLUUID,
} from 'graphql-scalars';
import type { ScalarShape } from '../plan.ts';
import { FileScalar } from './file-scalar.ts';

/**
 * The scalars of REST sources. They bear the names, descriptions and code generation hints of graphql-scalars,
 * but what travels through them stays the text that it is on the wire, both ways: upstreams answer with dates
 * without a zone and addresses without a dot, and a value that is there must not be lost to its format.
 * Arguments of the strict formats are checked, since that mistake is the client's own.
 */

/** A text format. `check` throws for arguments that cannot be meant. */
function textScalar(model: GraphQLScalarType, check: (text: string) => void = () => {}): GraphQLScalarType {
  const { name, description, specifiedByURL, extensions } = model.toConfig();
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw new TypeError(`${name} expects a string; got ${JSON.stringify(value)}.`);
    check(value);
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL,
    extensions,
    serialize: (value) =>
      value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : String(value),
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : valueFromASTUntyped(node)),
  });
}

function checkDateTime(text: string): void {
  if (Number.isNaN(Date.parse(text)))
    throw new TypeError(`DateTime expects a date and time; got ${JSON.stringify(text)}.`);
}

function checkDate(text: string): void {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new TypeError(`Date expects year-month-day; got ${JSON.stringify(text)}.`);
  }
}

function checkUuid(text: string): void {
  GraphQLUUID.parseValue(text);
}

/** Whole numbers of any size: a JSON number while that is exact (2^53), beyond it a string of digits. */
const BigIntScalar = new GraphQLScalarType({
  ...GraphQLBigInt.toConfig(),
  description:
    'A whole number of any size. Answers and JSON variables carry it as a number up to 2^53, beyond that as a string of digits.',
  serialize: (value) => exact(toBigInt(value)),
  parseValue: (value) => exactNumber(toBigInt(value)),
  parseLiteral: (node) => {
    if (node.kind !== Kind.INT && node.kind !== Kind.STRING) throw new TypeError('BigInt expects a whole number.');
    return exactNumber(toBigInt(node.value));
  },
});

function toBigInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return BigInt(value);
  throw new TypeError(`BigInt expects a whole number; got ${JSON.stringify(value)}.`);
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
}

function exact(value: bigint): number | string {
  return isSafe(value) ? Number(value) : value.toString();
}

function exactNumber(value: bigint): number | bigint {
  return isSafe(value) ? Number(value) : value;
}

const ALL: readonly GraphQLScalarType[] = [
  GraphQLString,
  GraphQLBoolean,
  GraphQLInt,
  GraphQLFloat,
  GraphQLSafeInt,
  BigIntScalar,
  GraphQLJSON,
  textScalar(GraphQLDateTime, checkDateTime),
  textScalar(GraphQLDate, checkDate),
  textScalar(GraphQLUUID, checkUuid),
  textScalar(GraphQLByte),
  FileScalar,
  textScalar(GraphQLURL),
  textScalar(GraphQLEmailAddress),
  textScalar(GraphQLIPv4),
  textScalar(GraphQLIPv6),
  textScalar(GraphQLDuration),
];

/** By name. One instance each, shared by all REST sources: schemas that are merged must agree on them. */
export const restScalars: ReadonlyMap<string, GraphQLScalarType> = new Map(ALL.map((scalar) => [scalar.name, scalar]));

export function scalarNamed(name: string): GraphQLScalarType {
  const scalar = restScalars.get(name);
  if (scalar === undefined)
    throw new Error(`There is no scalar ${name}; there are ${[...restScalars.keys()].join(', ')}.`);
  return scalar;
}

export const JSON_SHAPE: ScalarShape = { kind: 'scalar', type: 'json', scalar: 'JSON' };

const STRING_FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'DateTime',
  date: 'Date',
  uuid: 'UUID',
  guid: 'UUID',
  byte: 'Byte',
  base64: 'Byte',
  uri: 'URL',
  url: 'URL',
  email: 'EmailAddress',
  ipv4: 'IPv4',
  ipv6: 'IPv6',
  duration: 'Duration',
};

const MAX_INT32 = 2_147_483_647;

/** The scalar of a typed schema without structure. `bounds` are the largest numbers the schema itself shows. */
export function scalarShape(
  type: 'string' | 'integer' | 'number' | 'boolean',
  format: string | undefined,
  minimum: number | undefined,
  maximum: number | undefined,
): ScalarShape {
  switch (type) {
    case 'string':
      return { kind: 'scalar', type, scalar: STRING_FORMATS[format ?? ''] ?? 'String' };
    case 'boolean':
      return { kind: 'scalar', type, scalar: 'Boolean' };
    case 'number':
      return { kind: 'scalar', type, scalar: 'Float' };
    case 'integer':
      return integerShape(format, minimum, maximum);
    default: {
      const never: never = type;
      throw new Error(`Unknown type ${String(never)}`);
    }
  }
}

/**
 * `Int` holds 32 bits only and loses everything beyond, so it is for integers that say they fit.
 * An integer without a format is anything JSON numbers carry exactly: ids and timestamps often pass 2^31.
 */
function integerShape(
  format: string | undefined,
  minimum: number | undefined,
  maximum: number | undefined,
): ScalarShape {
  if (/^u?int64$|^long$|^bigint$/i.test(format ?? '')) return { kind: 'scalar', type: 'bigint', scalar: 'BigInt' };
  const bounded = minimum !== undefined && minimum >= -MAX_INT32 - 1 && maximum !== undefined && maximum <= MAX_INT32;
  if (bounded || /^u?int(8|16)$|^int32$/.test(format ?? '')) return { kind: 'scalar', type: 'integer', scalar: 'Int' };
  return { kind: 'scalar', type: 'integer', scalar: 'SafeInt' };
}
