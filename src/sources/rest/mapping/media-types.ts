import { isObject, type JsonObject, ownObject } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';

/** How the text of a media type is to be understood. */
export type MediaClass = 'json' | 'any' | 'form' | 'multipart' | 'text' | 'xml' | 'binary';

export interface Media {
  /** As the document has it. */
  readonly name: string;
  readonly class: MediaClass;
  readonly value: JsonObject;
  /** Undefined when the document gives none. */
  readonly schema: unknown;
  readonly pointer: string;
}

export function classify(mediaType: string): MediaClass {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (type === '' || type === '*/*' || type === 'application/*' || type === '*') return 'any';
  if (/^(application|text)\/(json|x-json)$/.test(type) || /\+json$/.test(type)) return 'json';
  if (/[./-]json([.-]|$)/.test(type) && !/json-?(seq|lines)|ndjson|jsonl|stream/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type.startsWith('multipart/')) return 'multipart';
  if (/[/+]xml$/.test(type)) return 'xml';
  if (type.startsWith('text/') || /json|yaml|javascript|ecmascript|graphql|x-sh$/.test(type)) return 'text';
  return 'binary';
}

/** The media types of a request body or an answer, in the document's order. */
export function mediaOf(holder: JsonObject, pointer: string): readonly Media[] {
  return Object.entries(ownObject(holder, 'content') ?? {}).map(([name, value]) => ({
    name,
    class: classify(name),
    value: isObject(value) ? value : {},
    schema: isObject(value) ? value.schema : undefined,
    pointer: at(pointer, 'content', name),
  }));
}

/** The first of the most wanted class there is. */
export function preferred(media: readonly Media[], order: readonly MediaClass[]): Media | undefined {
  for (const wanted of order) {
    const found = media.find((candidate) => candidate.class === wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}
