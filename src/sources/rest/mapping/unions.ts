import { GraphQLObjectType, type GraphQLOutputType, GraphQLUnionType } from 'graphql';
import { at, segmentsOf } from '../openapi/pointer.ts';
import type { BoxShape, ObjectShape, UnionShape } from '../plan.ts';
import { type Alternative, alternativesOf } from './alternatives.ts';
import type { MappedInput, MappedOutput, Mapper } from './mapper.ts';
import { labelOf } from './maps.ts';
import { pascalCase } from './names.ts';
import { bare, mapOutputObject, outputProperties } from './objects.ts';
import { JSON_SHAPE, scalarNamed } from './scalars.ts';
import type { SchemaView } from './schema-view.ts';

const ANY: MappedOutput & MappedInput = { type: scalarNamed('JSON'), shape: JSON_SHAPE };

export interface Member {
  readonly type: GraphQLObjectType;
  readonly shape: ObjectShape | BoxShape;
}

/** Alternatives in an answer: one type if they come down to one, a union otherwise. */
export function mapOutputUnion(mapper: Mapper, view: SchemaView, hint: string): MappedOutput {
  if (view.variants.length === 0) return mapHeirs(mapper, view, hint);
  const alternatives = alternativesOf(mapper, view);
  if (alternatives === undefined) return tooComplex(mapper, view);
  const [only] = alternatives;
  if (only === undefined) return ANY;
  if (alternatives.length === 1)
    return only.view.identity === view.identity ? plain(mapper, only.view, hint) : mapper.output(only.view, hint);
  return makeUnion(mapper, view, alternatives, hint);
}

/** Alternatives in an argument. GraphQL knows no unions there, so they are JSON, sent as given. */
export function mapInputUnion(mapper: Mapper, view: SchemaView, hint: string): MappedInput {
  const alternatives = view.variants.length === 0 ? undefined : alternativesOf(mapper, view);
  const only = alternatives?.[0];
  if (alternatives?.length === 1 && only !== undefined) {
    if (only.view.identity !== view.identity) return mapper.input(only.view, hint);
    // The same thing without its alternatives: give it an identity that is not being mapped right now.
    const identity = mapper.reader.pairIdentity(view, view);
    return mapper.input({ ...only.view, identity }, hint);
  }
  if (alternatives?.length === 0) return ANY;
  mapper.warnings.add(
    'INPUT_UNION',
    view.pointer,
    'GraphQL has no unions in arguments; this part of a request is JSON.',
  );
  return ANY;
}

function plain(mapper: Mapper, view: SchemaView, hint: string): MappedOutput {
  return mapper.output({ ...view, identity: mapper.reader.pairIdentity(view, view) }, hint);
}

function tooComplex(mapper: Mapper, view: SchemaView): MappedOutput {
  mapper.warnings.add(
    'COMPLEX_COMPOSITION',
    view.pointer,
    'Several lists of alternatives at once cannot be a union; this is JSON.',
  );
  return ANY;
}

function makeUnion(mapper: Mapper, view: SchemaView, alternatives: readonly Alternative[], hint: string): MappedOutput {
  const typeName = mapper.names.output(view, hint);
  const types: GraphQLObjectType[] = [];
  const shape: UnionShape = {
    kind: 'union',
    typeName,
    discriminator: view.discriminator?.propertyName,
    mapping: new Map(),
    members: [],
  };
  const mapped = {
    type: new GraphQLUnionType({ name: typeName, description: view.description, types: () => types }),
    shape,
  };
  mapper.outputs.set(view.identity, mapped);
  mapper.later(() => {
    const byPointer = new Map<string, ObjectShape | BoxShape>();
    const base = bare(mapper, typeName);
    const concrete = alternatives.flatMap((one) =>
      hasHeirs(mapper, one.view) ? heirAlternatives(mapper, one.view) : [one],
    );
    for (const [index, { view: inner, source }] of concrete.entries()) {
      const name = `${base}${nameOf(source) || `Option${index + 1}`}`;
      for (const member of membersOf(mapper, mapper.output(inner, name))) {
        if (!types.includes(member.type)) {
          types.push(member.type);
          shape.members.push(member.shape);
        }
        byPointer.set(source.pointer, member.shape);
      }
    }
    fillMapping(mapper, view, concrete, byPointer, shape.mapping as Map<string, ObjectShape | BoxShape>);
  });
  return mapped;
}

/** A type as members of a union: objects as they are, unions by their members, everything else in a box. */
export function membersOf(mapper: Mapper, mapped: MappedOutput): readonly Member[] {
  const { type, shape } = mapped;
  if (shape.kind === 'object' && type instanceof GraphQLObjectType) return [{ type, shape }];
  if (shape.kind === 'union' && type instanceof GraphQLUnionType) {
    const types = type.getTypes();
    return shape.members.flatMap((member) => {
      const found = types.find((candidate) => candidate.name === member.typeName);
      return found === undefined ? [] : [{ type: found, shape: member }];
    });
  }
  return [box(mapper, mapped)];
}

function box(mapper: Mapper, value: MappedOutput): Member {
  const wanted = `${labelOf(mapper, value.type)}Box`;
  const known = mapper.derivedOutputs.get(wanted);
  if (known?.type instanceof GraphQLObjectType && known.shape.kind === 'box')
    return { type: known.type, shape: known.shape };
  const typeName = mapper.names.inline(wanted);
  const shape: BoxShape = { kind: 'box', typeName, value: value.shape };
  const type = new GraphQLObjectType({
    name: typeName,
    description: 'A value that is no object, as a member of a union.',
    fields: { value: { type: value.type satisfies GraphQLOutputType } },
  });
  mapper.derivedOutputs.set(wanted, { type, shape });
  return { type, shape };
}

/** Member by what the discriminator says: the document's mapping first, then names of components and fixed values. */
function fillMapping(
  mapper: Mapper,
  view: SchemaView,
  alternatives: readonly Alternative[],
  byPointer: ReadonlyMap<string, ObjectShape | BoxShape>,
  mapping: Map<string, ObjectShape | BoxShape>,
): void {
  const { discriminator } = view;
  if (discriminator === undefined) return;
  for (const [value, target] of discriminator.mapping) {
    const pointer = target.startsWith('#') ? at('', ...segmentsOf(target)) : at('/components/schemas', target);
    // A mapping may name an alias of a member.
    const identity = mapper.reader.read({ schema: { $ref: `#${pointer}` }, pointer }).pointer;
    const member = byPointer.get(pointer) ?? byPointer.get(identity);
    if (member !== undefined) mapping.set(value, member);
    else {
      mapper.warnings.add(
        'DISCRIMINATOR',
        at(view.pointer, 'discriminator', 'mapping', value),
        `${JSON.stringify(target)} is none of the alternatives; its values are told by their shape.`,
      );
    }
  }
  for (const { source, view: inner } of alternatives) {
    const member = byPointer.get(source.pointer);
    if (member === undefined) continue;
    for (const value of fixedValues(mapper, inner, discriminator.propertyName))
      if (!mapping.has(value)) mapping.set(value, member);
    const name = isComponent(source.pointer) ? segmentsOf(source.pointer)[2] : undefined;
    if (name !== undefined && !mapping.has(name)) mapping.set(name, member);
  }
}

function fixedValues(mapper: Mapper, view: SchemaView, property: string): readonly string[] {
  const place = view.properties.get(property);
  if (place === undefined) return [];
  const { constant, enum: values } = mapper.reader.read(place);
  const fixed = constant !== undefined ? [constant.value] : values?.length === 1 ? values : [];
  return fixed.filter((value) => typeof value === 'string');
}

/** Whether answers said to be this may be something that builds on it, told apart by a discriminator. */
export function hasHeirs(mapper: Mapper, view: SchemaView): boolean {
  return view.discriminator !== undefined && view.variants.length === 0 && mapper.heirs.of(view.pointer).length > 0;
}

/** A schema with a discriminator that others build on: a union of all of them and of the schema itself. */
function mapHeirs(mapper: Mapper, view: SchemaView, hint: string): MappedOutput {
  const alternatives = heirAlternatives(mapper, view);
  if (alternatives.length === 1) return mapOutputObject(mapper, view, hint);
  const mapping = new Map(view.discriminator?.mapping);
  for (const { pointer, value } of mapper.heirs.of(view.pointer)) {
    if (value !== undefined && !mapping.has(value)) mapping.set(value, `#${encodeURI(pointer)}`);
  }
  const propertyName = view.discriminator?.propertyName ?? '';
  return makeUnion(mapper, { ...view, discriminator: { propertyName, mapping } }, alternatives, hint);
}

/** The heirs of a schema that have anything to show, and the schema itself last. */
function heirAlternatives(mapper: Mapper, view: SchemaView): readonly Alternative[] {
  const alternatives: Alternative[] = [];
  for (const heir of mapper.heirs.of(view.pointer)) {
    const source = mapper.reader.read(heir);
    if (source.identity === view.identity || source.variants.length > 0) continue;
    if (outputProperties(mapper, source).length > 0) alternatives.push({ view: itself(mapper, source), source });
  }
  return [...alternatives, { view: itself(mapper, view), source: view }];
}

/** The object a schema with heirs is on its own, beside the union that bears its name. */
function itself(mapper: Mapper, view: SchemaView): SchemaView {
  if (!hasHeirs(mapper, view)) return view;
  const own: SchemaView = { ...view, identity: mapper.reader.pairIdentity(view, view), discriminator: undefined };
  if (!mapper.outputs.has(own.identity) && outputProperties(mapper, own).length > 0) {
    const name = pascalCase(segmentsOf(view.pointer).at(-1) ?? '');
    mapOutputObject(mapper, own, '', mapper.names.inline(`${name}Base`));
  }
  return own;
}

/** Titles longer than this are sentences. */
const MAX_TITLE = 40;

/** What an alternative is called: its component's name, or its title. */
function nameOf(view: SchemaView): string {
  if (isComponent(view.pointer)) return pascalCase(segmentsOf(view.pointer)[2] ?? '');
  const { title } = view;
  return title === undefined || title.length > MAX_TITLE ? '' : pascalCase(title);
}

function isComponent(pointer: string): boolean {
  return /^\/components\/schemas\/[^/]+$/.test(pointer);
}
