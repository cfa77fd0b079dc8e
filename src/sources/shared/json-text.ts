/**
 * The two JSON functions of ECMAScript 2026 (JSON.parse source text access) that the type library does not know yet.
 * May go when TypeScript's `lib` has `JSON.rawJSON`.
 */
interface JsonWithSource {
  rawJSON(text: string): unknown;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}

const json = JSON as unknown as JsonWithSource;

/** JSON text of any value; a bigint is written as a number with all of its digits. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? json.rawJSON(item.toString()) : item,
  );
}

/** JSON text of a value that has no bigint in it: several times faster. */
export function toPlainJsonText(value: unknown): string {
  return JSON.stringify(value);
}

/** The beginning of an integer that may be beyond 2^53; the digits of a fraction are none. */
const LONG_INTEGER = /(?<![.\d])\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON. With `lossless`, an integer beyond 2^53 becomes a bigint with all of its digits.
 * Reading with source text is several times slower, so it is done only where the text has an integer of 16 digits.
 * Throws SyntaxError.
 */
export function parseJson(text: string, lossless: boolean): { readonly value: unknown; readonly hasBigInt: boolean } {
  if (!lossless || !LONG_INTEGER.test(text)) return { value: JSON.parse(text), hasBigInt: false };
  let hasBigInt = false;
  const value = json.parse(text, (_key, item, context) => {
    if (typeof item !== 'number' || Number.isSafeInteger(item)) return item;
    if (context.source === undefined || !INTEGER.test(context.source)) return item;
    hasBigInt = true;
    return BigInt(context.source);
  });
  return { value, hasBigInt };
}
