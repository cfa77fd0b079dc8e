import type { JsonObject } from '../openapi/json.ts';
import { isObject } from '../openapi/json.ts';

/** A document cut into pieces of JSON text, so that it can be put together again without one long stretch. */
export interface PackedDocument {
  readonly pieces: readonly { readonly keys: readonly string[]; readonly json: Uint8Array<ArrayBuffer> }[];
}

/** Characters a piece should have at least before a new one begins: some milliseconds of parsing. */
const PIECE_CHARACTERS = 256 * 1024;

/** Maps that hold most of a document: they are cut entry by entry. */
const LARGE = [
  ['paths'],
  ['components', 'schemas'],
  ['components', 'responses'],
  ['components', 'parameters'],
  ['x-documents'],
];

export function pack(document: JsonObject): PackedDocument {
  const pieces: { keys: readonly string[]; json: Uint8Array<ArrayBuffer> }[] = [];
  const encoder = new TextEncoder();
  const add = (keys: readonly string[], members: readonly string[]): void => {
    pieces.push({ keys, json: encoder.encode(`{${members.join(',')}}`) });
  };
  const rest: JsonObject = { ...document };
  const cut: [readonly string[], JsonObject][] = [];
  for (const keys of LARGE) {
    const [first = '', second] = keys;
    const outer = rest[first];
    if (!isObject(outer)) continue;
    const map = second === undefined ? outer : outer[second];
    if (!isObject(map)) continue;
    cut.push([keys, map]);
    // The empty map keeps its place in the order of keys.
    rest[first] = second === undefined ? {} : { ...outer, [second]: {} };
  }
  add(
    [],
    Object.entries(rest).map(([key, value]) => member(key, value)),
  );
  for (const [keys, map] of cut) {
    let members: string[] = [];
    let length = 0;
    for (const [key, value] of Object.entries(map)) {
      const text = member(key, value);
      members.push(text);
      length += text.length;
      if (length < PIECE_CHARACTERS) continue;
      add(keys, members);
      members = [];
      length = 0;
    }
    if (members.length > 0) add(keys, members);
  }
  return { pieces };
}

function member(key: string, value: unknown): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`;
}

/** Puts a document together, letting other work run after each piece. */
export async function unpack(packed: PackedDocument): Promise<JsonObject> {
  const decoder = new TextDecoder();
  const document: JsonObject = {};
  for (const { keys, json } of packed.pieces) {
    let target = document;
    for (const key of keys) {
      const inner = target[key];
      if (isObject(inner)) target = inner;
    }
    const piece = JSON.parse(decoder.decode(json)) as JsonObject;
    for (const [key, value] of Object.entries(piece)) {
      Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return document;
}
