import { at } from '../openapi/pointer.ts';
import { isPrimitive, kindOf } from './kinds.ts';
import type { Mapper } from './mapper.ts';
import { mergeViews } from './merge-views.ts';
import { anyView, type SchemaView } from './schema-view.ts';

/** One of the things a value may be. */
export interface Alternative {
  readonly view: SchemaView;
  /** The alternative as the document has it, before what surrounds it was merged into it. */
  readonly source: SchemaView;
}

/** Alternatives a document may list before they are too many for a union. */
const MAX_ALTERNATIVES = 500;
const MAX_DEPTH = 10;

/**
 * What a schema with `oneOf` or `anyOf` comes down to: null is taken out, alternatives within alternatives are
 * brought up, those that only restrict are dropped, single values of the same type become one.
 * Undefined: several independent lists of alternatives, or too many; nothing but JSON describes that.
 */
export function alternativesOf(mapper: Mapper, view: SchemaView): readonly Alternative[] | undefined {
  const all = expand(mapper, view, 0, new Set());
  if (all === undefined || all.length > MAX_ALTERNATIVES) return undefined;
  return distinct(joinPrimitives(all, view));
}

function expand(mapper: Mapper, view: SchemaView, depth: number, open: Set<object>): Alternative[] | undefined {
  if (view.variants.length === 0) return [{ view, source: view }];
  if (depth > MAX_DEPTH) return undefined;
  if (open.has(view.identity)) return [];
  open.add(view.identity);
  let base: SchemaView = { ...view, variants: [], discriminator: undefined };
  let chosen: SchemaView[] | undefined;
  for (const group of view.variants) {
    const variants = group.map((place) => mapper.reader.read(place)).filter((variant) => !isNull(variant));
    const useful = isVacuous(base) ? variants : variants.filter((variant) => !isVacuous(variant));
    const [only] = useful;
    if (only === undefined) continue;
    if (useful.length === 1) {
      base = combine(mapper, base, only);
      // What it brings along may have alternatives of its own.
      if (base.variants.length > 0) return finish(expand(mapper, base, depth + 1, open));
      continue;
    }
    if (chosen !== undefined) return finish(undefined);
    chosen = useful;
  }
  if (chosen === undefined) return finish([{ view: base, source: base }]);
  const result: Alternative[] = [];
  for (const variant of chosen) {
    const inner = expand(mapper, combine(mapper, base, variant), depth + 1, open);
    if (inner === undefined) return finish(undefined);
    result.push(...(inner.length === 1 && inner[0] !== undefined ? [{ view: inner[0].view, source: variant }] : inner));
  }
  return finish(result);

  function finish(alternatives: Alternative[] | undefined): Alternative[] | undefined {
    open.delete(view.identity);
    return alternatives;
  }
}

/** Both at once. A base that says nothing leaves the variant what it is, with its own name. */
function combine(mapper: Mapper, base: SchemaView, variant: SchemaView): SchemaView {
  if (isVacuous(base) || addsNothing(base, variant)) return variant;
  const merged = mergeViews(base, [variant], mapper.reader.pairIdentity(base, variant), mapper.reader);
  // What is put together bears neither the one's name nor the other's.
  return { ...merged, pointer: at(variant.pointer, 'allOf'), description: variant.description ?? base.description };
}

/** `type: object` around members that are objects anyway. */
function addsNothing(base: SchemaView, variant: SchemaView): boolean {
  if (!isVacuous({ ...base, types: new Set() })) return false;
  return [...variant.types].every((type) => base.types.has(type)) && variant.types.size > 0;
}

function isNull(view: SchemaView): boolean {
  const empty = view.types.size === 0 && isVacuous({ ...view, enum: undefined, constant: undefined });
  if (!empty) return false;
  if (view.constant !== undefined) return view.constant.value === null;
  if (view.enum !== undefined) return view.enum.every((value) => value === null);
  return view.nullable;
}

/** Whether a schema says nothing about what a value looks like (it may still demand properties). */
function isVacuous(view: SchemaView): boolean {
  return (
    view.types.size === 0 &&
    view.properties.size === 0 &&
    typeof view.additional !== 'object' &&
    view.items === undefined &&
    !view.tuple &&
    view.enum === undefined &&
    view.constant === undefined &&
    view.format === undefined &&
    view.variants.length === 0
  );
}

const PRIMITIVES = ['string', 'number', 'boolean'] as const;

/** Several kinds of text are text, several enums of it one enum; integers beside numbers are numbers. */
function joinPrimitives(all: readonly Alternative[], whole: SchemaView): readonly Alternative[] {
  const result = all.filter(({ view }) => !isPrimitive(kindOf(view)));
  for (const primitive of PRIMITIVES) {
    const members = all.filter(({ view }) => primitiveOf(view) === primitive);
    const [first] = members;
    if (first === undefined) continue;
    if (members.length === 1) {
      result.push(first);
      continue;
    }
    const values = members.map(({ view }) => view.enum ?? (view.constant && [view.constant.value]));
    const closed = values.every((list) => list !== undefined);
    const kinds = new Set(members.map(({ view }) => kindOf(view)));
    const formats = new Set(members.map(({ view }) => view.format));
    const type =
      primitive === 'number' && ![...members].some(({ view }) => kindOf(view) === 'number') && !kinds.has('enum')
        ? 'integer'
        : primitive;
    const joined: SchemaView = {
      ...anyView(all.length === members.length ? whole.identity : first.view.identity, whole.pointer),
      types: new Set([type]),
      description: whole.description,
      enum: closed && primitive !== 'boolean' ? values.flatMap((list) => list ?? []) : undefined,
      format: formats.size === 1 ? first.view.format : undefined,
    };
    // The identity of the first alone would give this the type of the first.
    const identity = all.length === members.length ? whole.identity : {};
    result.push({ view: { ...joined, identity }, source: first.source });
  }
  return result;
}

function primitiveOf(view: SchemaView): (typeof PRIMITIVES)[number] | undefined {
  const kind = kindOf(view);
  if (kind === 'integer' || kind === 'number') return 'number';
  if (kind === 'string' || kind === 'boolean') return kind;
  if (kind !== 'enum') return undefined;
  return (view.enum ?? []).every((value) => typeof value === 'number') ? 'number' : 'string';
}

function distinct(all: readonly Alternative[]): readonly Alternative[] {
  const seen = new Map<object, Alternative>();
  for (const alternative of all)
    if (!seen.has(alternative.view.identity)) seen.set(alternative.view.identity, alternative);
  return [...seen.values()];
}
