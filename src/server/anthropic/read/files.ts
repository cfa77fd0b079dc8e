import type { ModelPart } from '../../../models/index.ts';
import { fromBase64 } from '../../way-in/base64.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';

const IMAGE_FIELDS = new Set(['type', 'source']);
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
const DOCUMENT_FIELDS = new Set(['type', 'source', 'title', 'citations']);
const DATA_FIELDS = new Set(['type', 'media_type', 'data']);
const URL_FIELDS = new Set(['type', 'url']);

type Content = Pick<Extract<ModelPart, { kind: 'file' }>, 'mediaType' | 'data'>;

/** An `image`, as base64 or by a URL, which the vendor fetches itself. */
export function readImage(block: JsonObject, path: string, reading: Reading): ModelPart | undefined {
  reading.only(block, path, IMAGE_FIELDS);
  const place = `${path}.source`;
  const source = reading.object(block.source, place);
  const type = source && reading.oneOf(source.type, `${place}.type`, ['base64', 'url']);
  if (source === undefined || type === undefined) return undefined;
  const content =
    type === 'url' ? readUrl(source, place, 'image/*', reading) : readData(source, place, IMAGE_TYPES, reading);
  return content === undefined ? undefined : { kind: 'file', ...content };
}

/** A `document`: a PDF as base64 or by a URL, or plain text. */
export function readDocument(block: JsonObject, path: string, reading: Reading): ModelPart | undefined {
  reading.only(block, path, DOCUMENT_FIELDS);
  const title = isNothing(block.title) ? undefined : reading.word(block.title, `${path}.title`);
  readCitations(block.citations, `${path}.citations`, reading);
  const place = `${path}.source`;
  const source = reading.object(block.source, place);
  const type = source && reading.oneOf(source.type, `${place}.type`, ['base64', 'text', 'url']);
  if (source === undefined || type === undefined) return undefined;
  const content =
    type === 'url'
      ? readUrl(source, place, 'application/pdf', reading)
      : type === 'text'
        ? readText(source, place, reading)
        : readData(source, place, ['application/pdf'], reading);
  return content === undefined
    ? undefined
    : { kind: 'file', ...content, ...(title === undefined ? {} : { title, name: title }) };
}

/** Weir has no place for citations in an answer, so only that there are none can be asked for. */
function readCitations(value: unknown, path: string, reading: Reading): void {
  const citations = isNothing(value) ? undefined : reading.object(value, path);
  if (citations === undefined || citations.enabled === false) return;
  reading.refuse(path, 'Weir hands on no citations: only {"enabled": false} is accepted.');
}

function readData(source: JsonObject, path: string, types: readonly string[], reading: Reading): Content | undefined {
  reading.only(source, path, DATA_FIELDS);
  const mediaType = reading.oneOf(source.media_type, `${path}.media_type`, types);
  const text = reading.word(source.data, `${path}.data`);
  if (text === undefined) return undefined;
  const data = fromBase64(text);
  if (data === undefined) return reading.refuse(`${path}.data`, 'Expected base64.');
  return mediaType === undefined ? undefined : { mediaType, data };
}

function readText(source: JsonObject, path: string, reading: Reading): Content | undefined {
  reading.only(source, path, DATA_FIELDS);
  const mediaType = reading.oneOf(source.media_type, `${path}.media_type`, ['text/plain']);
  const text = reading.word(source.data, `${path}.data`);
  return mediaType === undefined || text === undefined ? undefined : { mediaType, data: Buffer.from(text) };
}

function readUrl(source: JsonObject, path: string, mediaType: string, reading: Reading): Content | undefined {
  reading.only(source, path, URL_FIELDS);
  const text = reading.word(source.url, `${path}.url`);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return { mediaType, data: url };
  return reading.refuse(`${path}.url`, 'Expected an https:// URL.');
}
