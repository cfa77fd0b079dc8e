import { isObject, type JsonObject, own, ownArray, ownObject, ownString } from '../openapi/json.ts';
import { at, segmentsOf } from '../openapi/pointer.ts';
import type { SchemaPlace } from './schema-view.ts';

export interface Heir extends SchemaPlace {
  readonly name: string;
  /** What its discriminator says, where the document tells so with an extension. */
  readonly value: string | undefined;
}

/** Which components build on which by `allOf`: with a discriminator above, that is inheritance. */
export class Heirs {
  readonly #children = new Map<string, Heir[]>();
  readonly #all = new Map<string, readonly Heir[]>();

  constructor(document: JsonObject) {
    const schemas = ownObject(ownObject(document, 'components') ?? {}, 'schemas') ?? {};
    for (const name of Object.keys(schemas).sort()) {
      const schema = own(schemas, name);
      if (!isObject(schema)) continue;
      const pointer = at('/components/schemas', name);
      const value = ownString(schema, 'x-ms-discriminator-value') ?? ownString(schema, 'x-discriminator-value');
      for (const member of ownArray(schema, 'allOf') ?? []) {
        if (!isObject(member) || typeof member.$ref !== 'string' || !member.$ref.startsWith('#')) continue;
        const parent = at('', ...segmentsOf(member.$ref));
        const list = this.#children.get(parent) ?? [];
        list.push({ schema, pointer, name, value });
        this.#children.set(parent, list);
      }
    }
  }

  /** All that build on the schema at `pointer`, and on those, sorted by name. */
  of(pointer: string): readonly Heir[] {
    const known = this.#all.get(pointer) ?? this.#collect(pointer);
    this.#all.set(pointer, known);
    return known;
  }

  #collect(pointer: string): readonly Heir[] {
    if (!this.#children.has(pointer)) return [];
    const found = new Map<string, Heir>();
    const queue = [pointer];
    for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
      for (const heir of this.#children.get(parent) ?? []) {
        if (heir.pointer === pointer || found.has(heir.pointer)) continue;
        found.set(heir.pointer, heir);
        queue.push(heir.pointer);
      }
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
