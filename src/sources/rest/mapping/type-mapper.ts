import { GraphQLList, GraphQLNonNull, isInputObjectType, isObjectType, isUnionType } from 'graphql';
import type { Turns } from '../../../runtime/index.ts';
import type { JsonObject } from '../openapi/json.ts';
import { mapEnum } from './enums.ts';
import { Heirs } from './heirs.ts';
import { kindOf } from './kinds.ts';
import type { MappedInput, MappedOutput, Mapper } from './mapper.ts';
import { mapInputMap, mapOutputMap } from './maps.ts';
import { admitsNull, inputProperties, mapInputObject, mapOutputObject, outputProperties } from './objects.ts';
import { JSON_SHAPE, scalarNamed, scalarShape } from './scalars.ts';
import { SchemaReader } from './schema-reader.ts';
import type { SchemaPlace, SchemaView } from './schema-view.ts';

import { TypeNames } from './type-names.ts';
import { hasHeirs, mapInputUnion, mapOutputUnion } from './unions.ts';
import { Warnings } from './warnings.ts';

const FILE: MappedInput = {
  type: scalarNamed('File'),
  shape: { kind: 'scalar', type: 'string', scalar: 'File' },
};

const ANY: MappedOutput & MappedInput = { type: scalarNamed('JSON'), shape: JSON_SHAPE };

/** Maps the schemas of one document to GraphQL types and the shapes beside them. */
export class TypeMapper implements Mapper {
  readonly reader: SchemaReader;
  readonly names: TypeNames;
  readonly warnings: Warnings;
  readonly heirs: Heirs;
  readonly maps: 'LIST' | 'JSON';
  readonly outputs = new Map<object, MappedOutput>();
  readonly inputs = new Map<object, MappedInput>();
  readonly derivedOutputs = new Map<string, MappedOutput>();
  readonly derivedInputs = new Map<string, MappedInput>();
  readonly #tasks: (() => void)[] = [];
  /** Lists, maps and unions being mapped right now: they have no name to break a circle with. */
  readonly #open = new Set<object>();

  constructor(
    document: JsonObject,
    namespace: string,
    maps: 'LIST' | 'JSON',
    warnings: Warnings,
    entities?: ReadonlySet<string>,
  ) {
    this.warnings = warnings;
    this.reader = new SchemaReader(document, warnings);
    this.names = new TypeNames(namespace, document, warnings, entities);
    this.heirs = new Heirs(document);
    this.maps = maps;
  }

  later(task: () => void): void {
    this.#tasks.push(task);
  }

  /** Runs what was put off, and what that puts off, letting other work in between. */
  async settle(turns: Turns): Promise<void> {
    for (let index = 0; index < this.#tasks.length; index++) {
      this.#tasks[index]?.();
      await turns.pause();
    }
    this.#tasks.length = 0;
    // Types work their fields out when first asked; asking now, bit by bit, keeps that out of one long stretch.
    for (const { type } of [...this.outputs.values(), ...this.inputs.values()]) {
      if (isObjectType(type) || isInputObjectType(type)) type.getFields();
      else if (isUnionType(type)) type.getTypes();
      await turns.pause();
    }
  }

  output(place: SchemaPlace | SchemaView, hint: string): MappedOutput {
    const view = this.#view(place);
    const known = this.outputs.get(view.identity);
    if (known !== undefined) return known;
    return this.#guarded(view, () => this.#output(view, hint));
  }

  input(place: SchemaPlace | SchemaView, hint: string): MappedInput {
    const view = this.#view(place);
    const known = this.inputs.get(view.identity);
    if (known !== undefined) return known;
    return this.#guarded(view, () => this.#input(view, hint));
  }

  #view(place: SchemaPlace | SchemaView): SchemaView {
    return 'identity' in place ? place : this.reader.read(place);
  }

  #guarded<T>(view: SchemaView, map: () => T): T | (MappedOutput & MappedInput) {
    if (this.#open.has(view.identity)) {
      this.warnings.add('CIRCULAR', view.pointer, 'This schema contains itself with no object in between; it is JSON.');
      return ANY;
    }
    this.#open.add(view.identity);
    try {
      return map();
    } finally {
      this.#open.delete(view.identity);
    }
  }

  #output(view: SchemaView, hint: string): MappedOutput {
    const kind = kindOf(view);
    switch (kind) {
      case 'variants':
        return mapOutputUnion(this, view, hint);
      case 'enum':
        return mapEnum(this, view, hint);
      case 'list': {
        if (view.items === undefined || view.tuple) return { type: new GraphQLList(ANY.type), shape: listOf(ANY) };
        const item = this.output(view.items, `${hint}Item`);
        return { type: new GraphQLList(item.type), shape: listOf(item) };
      }
      case 'object':
        if (hasHeirs(this, view)) return mapOutputUnion(this, view, hint);
        return outputProperties(this, view).length > 0 ? mapOutputObject(this, view, hint) : this.#untyped(view);
      case 'map':
        return mapOutputMap(this, view, hint) ?? ANY;
      case 'any':
        return this.#untyped(view);
      default:
        return scalar(view, kind);
    }
  }

  #input(view: SchemaView, hint: string): MappedInput {
    const kind = kindOf(view);
    switch (kind) {
      case 'variants':
        return mapInputUnion(this, view, hint);
      case 'enum':
        return mapEnum(this, view, hint);
      case 'list': {
        if (view.items === undefined || view.tuple) return { type: new GraphQLList(ANY.type), shape: listOf(ANY) };
        const itemView = this.reader.read(view.items);
        const item = this.input(itemView, `${hint}Item`);
        const type = admitsNull(this, itemView) || item === ANY ? item.type : new GraphQLNonNull(item.type);
        return { type: new GraphQLList(type), shape: listOf(item) };
      }
      case 'object':
        if (hasHeirs(this, view)) return mapInputUnion(this, view, hint);
        return inputProperties(this, view).length > 0 ? mapInputObject(this, view, hint) : this.#untyped(view);
      case 'map':
        return mapInputMap(this, view, hint) ?? ANY;
      case 'any':
        return this.#untyped(view);
      default:
        // Files are given in one form, whatever they travel in.
        return kind === 'string' && view.format === 'binary' ? FILE : scalar(view, kind);
    }
  }

  #untyped(view: SchemaView): MappedOutput & MappedInput {
    this.warnings.add('UNTYPED', view.pointer, 'The document says nothing about what is in here; it is JSON.');
    return ANY;
  }
}

function listOf(item: MappedOutput | MappedInput): MappedOutput['shape'] {
  return { kind: 'list', item: item.shape };
}

function scalar(
  view: SchemaView,
  kind: 'string' | 'integer' | 'number' | 'boolean',
): { readonly type: ReturnType<typeof scalarNamed>; readonly shape: ReturnType<typeof scalarShape> } {
  const shape = scalarShape(kind, view.format, view.minimum, view.maximum);
  return { type: scalarNamed(shape.scalar), shape };
}
