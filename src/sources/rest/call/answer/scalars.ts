import type { EnumShape, ScalarShape } from '../../plan.ts';
import type { Decode, Decoding } from './decoding.ts';
import { DriftError } from './drift.ts';

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
const INTEGER = /^-?\d{1,40}$/;

export function compileScalar(shape: ScalarShape): Decode {
  switch (shape.type) {
    case 'string':
      return (value, decoding) => (typeof value === 'string' ? value : decoding.drift('string', value));
    case 'boolean':
      return (value, decoding) => (typeof value === 'boolean' ? value : decoding.drift('boolean', value));
    case 'number':
      return (value, decoding) => {
        if (typeof value === 'number') return value;
        return typeof value === 'bigint' ? Number(value) : decoding.drift('number', value);
      };
    case 'integer':
      return shape.scalar === 'Int' ? int32 : integer;
    case 'bigint':
      return bigint;
    case 'json':
      return (value, decoding) => json(value, decoding, 0);
    default: {
      const never: never = shape.type;
      return never;
    }
  }
}

export function compileEnum(shape: EnumShape): Decode {
  const names = new Map<unknown, string>();
  for (const [text, name] of shape.toGraphQL) names.set(JSON.parse(text), name);
  return (value, decoding) => names.get(value) ?? decoding.drift(`one of the values of ${shape.typeName}`, value);
}

const integer: Decode = (value, decoding) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  // What JSON.parse made of a longer one is another number already.
  return decoding.drift(Number.isInteger(value) || typeof value === 'bigint' ? 'integer of 53 bits' : 'integer', value);
};

const int32: Decode = (value, decoding) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) return decoding.drift('integer', value);
  return value >= INT32_MIN && value <= INT32_MAX ? value : decoding.drift('integer of 32 bits', value);
};

/** 64-bit integers come as numbers, or as text from servers that think of JavaScript clients. */
const bigint: Decode = (value, decoding) => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value !== 'string' || !INTEGER.test(value)) return decoding.drift('integer', value);
  const exact = BigInt(value);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
};

/** Deeper than any answer that is meant well; what walks the value afterwards recurses. */
const MAX_JSON_DEPTH = 200;

/** Any JSON value, frozen all the way. Long integers go back to what JSON.parse makes of them. */
function json(value: unknown, decoding: Decoding, depth: number): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_JSON_DEPTH) return decoding.drift(`JSON of at most ${MAX_JSON_DEPTH} levels`, value);
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const item = record[key];
    if (typeof item === 'bigint') record[key] = Number(item);
    else if (typeof item === 'object' && item !== null) {
      const decoded = json(item, decoding, depth + 1);
      // Too deep somewhere inside: the JSON scalar is one value, so all of it is lost.
      if (decoded instanceof DriftError) return decoded;
    }
  }
  return Object.freeze(value);
}
