import type { ModelPart } from '../../../models/index.ts';
import type { FileType } from '../shapes/shape.ts';

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_URL = 2_048;
const MAX_NAME = 200;
/** RFC 6838 section 4.2, without parameters. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A file as GraphQL coerced it. */
interface FileInput {
  readonly url?: string | null;
  readonly base64?: string | null;
  readonly mediaType: string;
  readonly name?: string | null;
}

/** `expected` is what the file should have been or had; its own text is not told. */
export type ReadFile =
  | { readonly ok: true; readonly part: Extract<ModelPart, { kind: 'file' }> }
  | { readonly ok: false; readonly expected: string };

/** A file argument as a part of a message. */
export function readFile(type: FileType, value: unknown): ReadFile {
  const { url, base64, mediaType, name } = value as FileInput;
  const expected = (what: string): ReadFile => ({ ok: false, expected: what });
  if ((url == null) === (base64 == null)) return expected('exactly one of url and base64');
  if (!MEDIA_TYPE.test(mediaType)) return expected('a mediaType such as image/png');
  if (type === 'Image' && !mediaType.toLowerCase().startsWith('image/')) return expected('an image');
  if (name != null && name.length > MAX_NAME) {
    return expected(`a name of at most ${MAX_NAME} characters; got ${name.length}`);
  }
  const named = name == null ? {} : { name };
  if (url != null) {
    const data = readUrl(url);
    if (data === undefined) return expected(`an https URL of at most ${MAX_URL} characters, without credentials`);
    return { ok: true, part: { kind: 'file', mediaType, data, ...named } };
  }
  const text = base64 ?? '';
  if (text === '' || text.length % 4 !== 0 || !BASE64.test(text)) return expected('padded base64 text as its base64');
  const bytes = (text.length / 4) * 3;
  if (bytes > MAX_BYTES + 2) return expected(`at most ${MAX_BYTES} bytes; got ${bytes}`);
  return { ok: true, part: { kind: 'file', mediaType, data: new Uint8Array(Buffer.from(text, 'base64')), ...named } };
}

/** The vendor fetches it, so what Weir's own network rules say of it does not matter; credentials in it would leak. */
function readUrl(text: string): URL | undefined {
  const url = text.length <= MAX_URL ? URL.parse(text) : null;
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url : undefined;
}
