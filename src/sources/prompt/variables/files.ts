import type { ModelPart } from '../../../models/index.ts';
import { RequestRefused } from '../../shared/refused.ts';
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

/** A file argument as a part of a message. Throws RequestRefused, with the argument's name, when it is none. */
export function filePart(path: string, type: FileType, value: unknown): Extract<ModelPart, { kind: 'file' }> {
  const { url, base64, mediaType, name } = value as FileInput;
  const refuse = (expected: string): never => {
    throw new RequestRefused(`${path} must ${expected}.`);
  };
  if ((url == null) === (base64 == null)) refuse('have exactly one of url and base64');
  if (!MEDIA_TYPE.test(mediaType)) refuse('have a mediaType such as image/png');
  if (type === 'Image' && !mediaType.toLowerCase().startsWith('image/')) refuse('be an image');
  if (name != null && name.length > MAX_NAME) refuse(`have a name of at most ${MAX_NAME} characters`);
  const data = url == null ? bytesOf(base64 ?? '', refuse) : urlOf(url, refuse);
  return { kind: 'file', mediaType, data, ...(name == null ? {} : { name }) };
}

function bytesOf(base64: string, refuse: (expected: string) => never): Uint8Array {
  if (base64 === '' || base64.length % 4 !== 0 || !BASE64.test(base64)) refuse('have padded base64 text as its base64');
  if ((base64.length / 4) * 3 > MAX_BYTES + 2) refuse(`have at most ${MAX_BYTES / 1024 / 1024} MB`);
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** The vendor fetches it, so what Weir's own network rules say of it does not matter; credentials in it would leak. */
function urlOf(text: string, refuse: (expected: string) => never): URL {
  const url = text.length <= MAX_URL ? URL.parse(text) : null;
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url;
  return refuse(`have an https URL of at most ${MAX_URL} characters, without credentials`);
}
