import {
  coerceInputValue,
  GraphQLID,
  type GraphQLInputType,
  type GraphQLLeafType,
  GraphQLString,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isScalarType,
} from 'graphql';
import { WeirError } from '../../errors/index.ts';

/** Turns a value that a source answered into one that an argument takes. Throws a WeirError when it cannot be. */
export type Convert = (value: unknown) => unknown;

const ANYTHING: ReadonlySet<string> = new Set(['JSON', 'JSONObject']);
const TEXT: ReadonlySet<string> = new Set(['ID', 'String']);
/** Whole numbers of different size: whether one fits shows when it comes. */
const WHOLE: ReadonlySet<string> = new Set(['Int', 'SafeInt', 'BigInt']);

/**
 * Whether values of a leaf type may become values of an argument's named type. Text takes any scalar; an enum takes
 * the names of its values; a scalar with a form of its own takes text, and untyped JSON may be anything: whether
 * a value of these fits shows when it comes.
 */
export function leafFits(from: GraphQLLeafType, to: GraphQLInputType): boolean {
  const named = getNamedType(to);
  if (from.name === named.name || ANYTHING.has(named.name) || ANYTHING.has(from.name)) return true;
  if (isEnumType(named)) return isEnumType(from) || TEXT.has(from.name);
  if (!isScalarType(named) || isEnumType(from)) return false;
  if (TEXT.has(named.name)) return true;
  // A BigInt may be a text of digits on the wire.
  if (WHOLE.has(named.name)) return WHOLE.has(from.name) || (named.name === 'BigInt' && TEXT.has(from.name));
  if (named.name === 'Float') return WHOLE.has(from.name);
  return named.name !== 'Boolean' && TEXT.has(from.name);
}

/** Whether a type takes lists of any depth, as it takes anything. */
export function takesAnything(type: GraphQLInputType): boolean {
  return ANYTHING.has(String(getNullableType(type)));
}

/** How many lists are around a type. */
export function listDepth(type: unknown): number {
  if (isListType(type)) return 1 + listDepth(type.ofType);
  const inner = typeof type === 'object' && type !== null && 'ofType' in type ? type.ofType : undefined;
  return inner === undefined ? 0 : listDepth(inner);
}

/** Values pass through their own type's output form and the argument's input form, as if a client had copied them. */
export function converter(from: GraphQLLeafType, to: GraphQLInputType, place: string): Convert {
  const asText = TEXT.has(getNamedType(to).name);
  const write = (value: unknown): unknown => {
    if (value === null || value === undefined) return null;
    if (Array.isArray(value)) return value.map(write);
    if (value instanceof Error) throw value;
    const written: unknown = from.serialize(value);
    return asText && typeof written !== 'string' ? String(written) : written;
  };
  const type = getNullableType(to);
  const isTextInBoth = takesTextAsItIs(from) && takesTextAsItIs(type);
  return (value) => {
    if (isTextInBoth && typeof value === 'string') return value;
    return coerceInputValue(write(value), type, () => {
      throw new WeirError('UPSTREAM_INVALID_RESPONSE', `The value of ${place} does not fit ${String(to)}.`, {
        reason: 'http_protocol_error',
        retryable: false,
      });
    });
  };
}

/** In and out. */
function takesTextAsItIs(type: unknown): boolean {
  return type === GraphQLID || type === GraphQLString;
}
