import { scalarNamed } from '../../sources/index.ts';

// The same scalars as those of the sources: a graph has one type of a name.

/** A time (`2026-01-31T12:00:00Z`). As an argument it arrives as the text it is; `toDate` reads it. */
export const DateTime = scalarNamed('DateTime');
/** Any value at all. */
export const Json = scalarNamed('JSON');

export const toDate = (text: string): Date => new Date(text);
