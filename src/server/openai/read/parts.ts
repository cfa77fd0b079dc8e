import type { ModelPart } from '../../../models/index.ts';
import { fromBase64 } from '../../way-in/base64.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';

const TEXT_FIELDS = new Set(['type', 'text']);
const IMAGE_FIELDS = new Set(['type', 'image_url']);
const AUDIO_FIELDS = new Set(['type', 'input_audio']);
const FILE_FIELDS = new Set(['type', 'file']);
const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: 'audio/wav', mp3: 'audio/mpeg' };

/** The content of a message: one text, or a list of parts. */
export function readContent(content: unknown, path: string, reading: Reading): ModelPart[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  const parts: ModelPart[] = [];
  for (const [index, each] of (reading.listInPlaceOfText(content, path) ?? []).entries()) {
    const place = `${path}[${index}]`;
    const object = reading.object(each, place);
    const part = object === undefined ? undefined : readPart(object, place, reading);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

function readPart(part: JsonObject, path: string, reading: Reading): ModelPart | undefined {
  switch (part.type) {
    case 'text': {
      reading.only(part, path, TEXT_FIELDS);
      const text = reading.text(part.text, `${path}.text`);
      return text === undefined ? undefined : { kind: 'text', text };
    }
    case 'image_url':
      reading.only(part, path, IMAGE_FIELDS);
      return readImage(part.image_url, `${path}.image_url`, reading);
    case 'input_audio':
      reading.only(part, path, AUDIO_FIELDS);
      return readAudio(part.input_audio, `${path}.input_audio`, reading);
    case 'file':
      reading.only(part, path, FILE_FIELDS);
      return readFile(part.file, `${path}.file`, reading);
    default:
      return reading.refuse(`${path}.type`, 'Expected one of text, image_url, input_audio, file.');
  }
}

function readImage(value: unknown, path: string, reading: Reading): ModelPart | undefined {
  const image = reading.object(value, path);
  if (image === undefined) return undefined;
  reading.only(image, path, new Set(['url', 'detail']));
  const detail = isNothing(image.detail)
    ? undefined
    : reading.oneOf(image.detail, `${path}.detail`, ['auto', 'low', 'high']);
  // What the model does by itself need not be said.
  const closely = detail === undefined || detail === 'auto' ? {} : { detail };
  const url = reading.word(image.url, `${path}.url`);
  if (url === undefined) return undefined;
  if (url.startsWith('data:')) {
    const data = dataUrl(url);
    if (data?.mediaType.startsWith('image/') === true) return { kind: 'file', ...data, ...closely };
    return reading.refuse(`${path}.url`, 'Expected data:image/<type>;base64,<data>.');
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') {
    return { kind: 'file', mediaType: 'image/*', data: parsed, ...closely };
  }
  return reading.refuse(`${path}.url`, 'Expected an https:// URL or a data: URL in base64.');
}

function readAudio(value: unknown, path: string, reading: Reading): ModelPart | undefined {
  const audio = reading.object(value, path);
  if (audio === undefined) return undefined;
  reading.only(audio, path, new Set(['data', 'format']));
  const format = reading.oneOf(audio.format, `${path}.format`, ['wav', 'mp3']);
  const text = reading.word(audio.data, `${path}.data`);
  if (text === undefined) return undefined;
  const data = fromBase64(text);
  if (data === undefined) return reading.refuse(`${path}.data`, 'Expected base64.');
  return format === undefined ? undefined : { kind: 'file', mediaType: AUDIO_TYPES[format] ?? format, data };
}

function readFile(value: unknown, path: string, reading: Reading): ModelPart | undefined {
  const file = reading.object(value, path);
  if (file === undefined) return undefined;
  reading.only(file, path, new Set(['file_data', 'filename']));
  const name = isNothing(file.filename) ? undefined : reading.word(file.filename, `${path}.filename`);
  const url = reading.word(file.file_data, `${path}.file_data`);
  if (url === undefined) return undefined;
  const data = dataUrl(url);
  if (data === undefined) return reading.refuse(`${path}.file_data`, 'Expected data:<media type>;base64,<data>.');
  return { kind: 'file', ...data, ...(name === undefined ? {} : { name }) };
}

function dataUrl(url: string): { mediaType: string; data: Uint8Array } | undefined {
  const comma = url.indexOf(',');
  const mediaType = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)(?:;[a-z0-9=._-]+)*;base64$/i.exec(url.slice(0, comma))?.[1];
  const data = comma < 0 ? undefined : fromBase64(url.slice(comma + 1));
  return mediaType === undefined || data === undefined ? undefined : { mediaType: mediaType.toLowerCase(), data };
}
