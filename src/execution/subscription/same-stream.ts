import { print } from 'graphql';
import type { Stream } from '../../schema/index.ts';
import type { Selection } from '../../sources/index.ts';

/**
 * Whether the answers of one stream are those of the other: the same connection, asked for the same. Both come from the
 * same document and variables, so what may differ is what links below the field need of it.
 */
export function isSameStream(a: Stream, b: Stream): boolean {
  return (
    a.connection === b.connection &&
    a.operation === b.operation &&
    selectionText(a.call.selection) === selectionText(b.call.selection)
  );
}

/** A document is planned once for all that ask it. */
const texts = new WeakMap<Selection['fieldNodes'], string>();

function selectionText(selection: Selection | undefined): string {
  if (selection === undefined) return '';
  const { fieldNodes, fragments } = selection;
  let text = texts.get(fieldNodes);
  if (text === undefined) {
    text = [...fieldNodes, ...Object.values(fragments)].map((node) => print(node)).join('\n');
    texts.set(fieldNodes, text);
  }
  return text;
}
