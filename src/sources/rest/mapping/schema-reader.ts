import { isObject, type JsonObject, ownArray } from '../openapi/json.ts';
import { at, segmentsOf, valueAt } from '../openapi/pointer.ts';
import { mergeViews } from './merge-views.ts';
import { annotationsOf, anyView, type SchemaPlace, type SchemaView, viewOwn } from './schema-view.ts';
import type { Warnings } from './warnings.ts';

/** Keywords that say nothing about which values are valid; beside a `$ref` they only describe its use. */
const ANNOTATIONS = new Set([
  'title',
  'description',
  'summary',
  'default',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'nullable',
  'externalDocs',
  'xml',
  '$comment',
]);

/** Merges are nested at most this deep; beyond it the first of the merged schemas is taken. */
const MAX_MERGES = 12;

/** Reads schemas of one document as views, following references and merging `allOf`. Remembers what it has read. */
export class SchemaReader {
  readonly #document: JsonObject;
  readonly #warnings: Warnings;
  readonly #views = new Map<object, SchemaView>();
  readonly #reading = new Set<object>();
  readonly #merged = new Map<string, JsonObject>();
  readonly #numbers = new Map<object, number>();
  readonly #depth = new Map<object, number>();
  readonly #empty = new Map<string, object>();
  readonly #pairs = new Map<string, object>();

  constructor(document: JsonObject, warnings: Warnings) {
    this.#document = document;
    this.#warnings = warnings;
  }

  read(place: SchemaPlace): SchemaView {
    const { schema, pointer } = place;
    if (!isObject(schema)) return anyView(this.#emptyAt(pointer), pointer);
    const known = this.#views.get(schema);
    if (known !== undefined) return known;
    if (this.#reading.has(schema)) {
      this.#warnings.add(
        'CIRCULAR',
        pointer,
        'This schema is made of itself, with nothing in between; that part is ignored.',
      );
      return anyView(schema, pointer);
    }
    this.#reading.add(schema);
    const view = this.#read(schema, pointer);
    this.#reading.delete(schema);
    this.#views.set(schema, view);
    return view;
  }

  /** One schema that is both; the same pair gives the same one. */
  intersect(a: SchemaPlace, b: SchemaPlace): SchemaPlace {
    const left = this.#target(a);
    const right = this.#target(b);
    if (left.schema === right.schema || !isObject(right.schema)) return a;
    if (!isObject(left.schema)) return b;
    const depth = Math.max(this.#depth.get(left.schema) ?? 0, this.#depth.get(right.schema) ?? 0) + 1;
    if (depth > MAX_MERGES) return a;
    const key = `${this.#number(left.schema)}&${this.#number(right.schema)}`;
    let schema = this.#merged.get(key);
    if (schema === undefined) {
      schema = { allOf: [a.schema, b.schema] };
      this.#merged.set(key, schema);
      this.#depth.set(schema, depth);
    }
    return { schema, pointer: a.pointer };
  }

  /** Where references lead; the place itself if it is none, or if it leads nowhere. */
  #target(place: SchemaPlace): SchemaPlace {
    let current = place;
    for (let hops = 0; hops < 100; hops++) {
      if (!isObject(current.schema) || typeof current.schema.$ref !== 'string') return current;
      if (!onlyAnnotations(current.schema, '$ref')) return current;
      const reference = current.schema.$ref;
      const schema = reference.startsWith('#') ? valueAt(this.#document, reference) : undefined;
      if (schema === undefined) return current;
      current = { schema, pointer: at('', ...segmentsOf(reference)) };
    }
    return current;
  }

  #read(schema: JsonObject, pointer: string): SchemaView {
    const members: SchemaPlace[] = [];
    if (typeof schema.$ref === 'string') {
      const target = this.#reference(schema.$ref, pointer);
      if (target !== undefined) members.push(target);
    }
    const allOf = ownArray(schema, 'allOf') ?? [];
    for (const [index, member] of allOf.entries()) {
      if (isObject(member)) members.push({ schema: member, pointer: at(pointer, 'allOf', index) });
    }
    if (members.length === 0) return viewOwn(schema, pointer);
    const { $ref: _ref, allOf: _allOf, ...rest } = schema;
    const constrained = members.filter((member) => !isObject(member.schema) || !onlyAnnotations(member.schema));
    const [single] = constrained;
    if (constrained.length === 1 && single !== undefined && onlyAnnotations(rest)) {
      return this.#annotate(this.read(single), [rest, ...members.map((member) => member.schema)]);
    }
    const views = members.flatMap((member) => {
      if (!this.#isReading(member)) return [this.read(member)];
      this.#warnings.add('CIRCULAR', member.pointer, 'This schema is a part of itself; that part says nothing more.');
      return [];
    });
    return mergeViews(viewOwn(rest, pointer), views, schema, this);
  }

  /** What stands for two views together, always the same for the same two. */
  pairIdentity(a: SchemaView, b: SchemaView): object {
    const key = `${this.#number(a.identity)}&${this.#number(b.identity)}`;
    let identity = this.#pairs.get(key);
    if (identity === undefined) {
      identity = {};
      this.#pairs.set(key, identity);
    }
    return identity;
  }

  #isReading(place: SchemaPlace): boolean {
    const { schema } = this.#target(place);
    return isObject(schema) && this.#reading.has(schema);
  }

  #reference(reference: string, pointer: string): SchemaPlace | undefined {
    const schema = reference.startsWith('#') ? valueAt(this.#document, reference) : undefined;
    if (schema === undefined) {
      this.#warnings.add(
        'UNRESOLVED_REFERENCE',
        at(pointer, '$ref'),
        `${JSON.stringify(reference)} leads nowhere; any value is taken.`,
      );
      return undefined;
    }
    return { schema, pointer: at('', ...segmentsOf(reference)) };
  }

  /** The same thing, described as it is used here. */
  #annotate(view: SchemaView, notes: readonly unknown[]): SchemaView {
    let result = view;
    for (const note of [...notes].reverse()) {
      if (!isObject(note)) continue;
      const own = annotationsOf(note);
      result = {
        ...result,
        title: own.title ?? result.title,
        description: own.description ?? result.description,
        deprecated: own.deprecated || result.deprecated,
        readOnly: own.readOnly || result.readOnly,
        writeOnly: own.writeOnly || result.writeOnly,
        nullable: note.nullable === true || note['x-nullable'] === true || result.nullable,
        defaultValue: own.defaultValue ?? result.defaultValue,
      };
    }
    return result;
  }

  #emptyAt(pointer: string): object {
    let identity = this.#empty.get(pointer);
    if (identity === undefined) {
      identity = {};
      this.#empty.set(pointer, identity);
    }
    return identity;
  }

  #number(schema: object): number {
    let number = this.#numbers.get(schema);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(schema, number);
    }
    return number;
  }
}

function onlyAnnotations(schema: JsonObject, ...besides: readonly string[]): boolean {
  return Object.keys(schema).every((key) => ANNOTATIONS.has(key) || key.startsWith('x-') || besides.includes(key));
}
