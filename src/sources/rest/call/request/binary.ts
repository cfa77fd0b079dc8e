import { isRecord } from '../../../shared/is-record.ts';
import { RequestRefused } from '../../../shared/refused.ts';

/** A file of a multipart body, or the whole of a binary body. */
export interface BinaryInput {
  readonly bytes: Uint8Array;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Reads bytes as clients give them: base64 text (of either alphabet), bytes that a scalar decoded already,
 * or an object `{ filename, contentType, content }` whose content is one of those.
 * Throws RequestRefused.
 */
export function readBinary(value: unknown, what: string): BinaryInput {
  if (isRecord(value) && !(value instanceof Uint8Array)) {
    const content = value.content;
    return {
      bytes: bytesOf(content, what),
      filename: textField(value, 'filename'),
      contentType: textField(value, 'contentType'),
    };
  }
  return { bytes: bytesOf(value, what), filename: undefined, contentType: undefined };
}

function bytesOf(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string' && BASE64.test(value)) return Buffer.from(value, 'base64');
  const came = typeof value === 'string' ? 'text with other characters' : value === null ? 'null' : typeof value;
  throw new RequestRefused(`${what} must be base64 text; it is ${came}.`);
}

function textField(value: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const field = value[name];
  return typeof field === 'string' ? field : undefined;
}
