import { isObject, type JsonObject } from './json.ts';

/** JSON pointers, RFC 6901: https://www.rfc-editor.org/rfc/rfc6901 */

/** `pointer` with further segments, escaped. */
export function at(pointer: string, ...segments: readonly (string | number)[]): string {
  let result = pointer;
  for (const segment of segments) result += `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return result;
}

/** Segments of a pointer or of the fragment of a reference (`#/a/b`, per cent encoded). */
export function segmentsOf(pointer: string): readonly string[] {
  const text = pointer.startsWith('#') ? decode(pointer.slice(1)) : pointer;
  if (text === '') return [];
  return text
    .replace(/^\//, '')
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer, or undefined. */
export function valueAt(document: JsonObject, pointer: string): unknown {
  let value: unknown = document;
  for (const segment of segmentsOf(pointer)) {
    if (Array.isArray(value)) value = /^\d+$/.test(segment) ? value[Number(segment)] : undefined;
    else if (isObject(value) && Object.hasOwn(value, segment)) value = value[segment];
    else return undefined;
  }
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
