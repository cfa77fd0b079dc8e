import type { GraphQLType } from 'graphql';
import {
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  isListType,
  isNonNullType,
} from 'graphql';
import type { MapShape } from '../plan.ts';
import type { MappedInput, MappedOutput, Mapper } from './mapper.ts';
import { bare } from './objects.ts';
import type { SchemaView } from './schema-view.ts';

/** A map with typed values as a list of entries `{ key, value }`. Undefined where maps are to be JSON. */
export function mapOutputMap(mapper: Mapper, view: SchemaView, hint: string): MappedOutput | undefined {
  if (mapper.maps === 'JSON' || typeof view.additional !== 'object') return undefined;
  const value = mapper.output(view.additional, `${hint}Value`);
  if (isAnything(value)) return undefined;
  const wanted = `${labelOf(mapper, value.type)}Entry`;
  const known = mapper.derivedOutputs.get(wanted);
  if (known !== undefined) return known;
  const typeName = mapper.names.inline(wanted);
  const entry = new GraphQLObjectType({
    name: typeName,
    description: 'One entry of a map.',
    fields: { key: { type: new GraphQLNonNull(GraphQLString) }, value: { type: value.type } },
  });
  const shape: MapShape = { kind: 'map', typeName, value: value.shape };
  const mapped = { type: new GraphQLList(entry), shape };
  mapper.derivedOutputs.set(wanted, mapped);
  return mapped;
}

export function mapInputMap(mapper: Mapper, view: SchemaView, hint: string): MappedInput | undefined {
  if (mapper.maps === 'JSON' || typeof view.additional !== 'object') return undefined;
  const value = mapper.input(view.additional, `${hint}Value`);
  if (isAnything(value)) return undefined;
  const wanted = `${labelOf(mapper, value.type).replace(/Input(?=List|$)/, '')}EntryInput`;
  const known = mapper.derivedInputs.get(wanted);
  if (known !== undefined) return known;
  const typeName = mapper.names.inline(wanted);
  const entry = new GraphQLInputObjectType({
    name: typeName,
    description: 'One entry of a map.',
    fields: { key: { type: new GraphQLNonNull(GraphQLString) }, value: { type: value.type } },
  });
  const shape: MapShape = { kind: 'map', typeName, value: value.shape };
  const mapped = { type: new GraphQLList(new GraphQLNonNull(entry)), shape };
  mapper.derivedInputs.set(wanted, mapped);
  return mapped;
}

function isAnything(mapped: MappedOutput | MappedInput): boolean {
  return mapped.shape.kind === 'scalar' && mapped.shape.type === 'json';
}

/** `[PetstorePet]` as `PetList`: what names of derived types are made of. */
export function labelOf(mapper: Mapper, type: GraphQLType): string {
  if (isNonNullType(type)) return labelOf(mapper, type.ofType);
  if (isListType(type)) return `${labelOf(mapper, type.ofType)}List`;
  return bare(mapper, type.name);
}
