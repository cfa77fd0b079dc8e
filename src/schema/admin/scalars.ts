import { scalarNamed } from '../../sources/index.ts';

// The same scalars as those of the sources: a graph has one type of a name.

/** A time (`2026-01-31T12:00:00Z`). As an argument it arrives as the text it is; `toDate` reads it. */
export const DateTime = scalarNamed('DateTime');
/** Any value at all. */
export const Json = scalarNamed('JSON');

const WITH_TIME = /\d:\d/;
const WITH_ZONE = /(?:z|[+-]\d\d:?\d\d)$/i;

/** The moment that a DateTime argument means. Without a zone it is UTC, wherever this process runs. */
export function toDate(text: string): Date {
  return new Date(WITH_TIME.test(text) && !WITH_ZONE.test(text) ? `${text}Z` : text);
}
