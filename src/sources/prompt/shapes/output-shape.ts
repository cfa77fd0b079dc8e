import { parseType } from 'graphql';
import type { ObjectShape } from './shape.ts';
import type { TypeBook } from './type-book.ts';

/** What a model answers with: the first object type of the book; undefined for plain text. */
export function outputShape(book: TypeBook): ObjectShape | undefined {
  const [name] = book.objectNames;
  const shape = name === undefined ? undefined : book.shape(parseType(`${name}!`));
  return shape?.kind === 'object' ? shape : undefined;
}
