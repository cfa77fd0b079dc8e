import type { GraphQLInputType, GraphQLOutputType } from 'graphql';
import type { Shape } from '../plan.ts';
import type { Heirs } from './heirs.ts';
import type { SchemaReader } from './schema-reader.ts';
import type { SchemaPlace, SchemaView } from './schema-view.ts';
import type { TypeNames } from './type-names.ts';
import type { Warnings } from './warnings.ts';

export interface MappedOutput {
  readonly type: GraphQLOutputType;
  readonly shape: Shape;
}

export interface MappedInput {
  /** Without the non-null that a required use of it adds. */
  readonly type: GraphQLInputType;
  readonly shape: Shape;
}

/** What the files of this folder share while one document is mapped. */
export interface Mapper {
  readonly reader: SchemaReader;
  readonly names: TypeNames;
  readonly warnings: Warnings;
  readonly heirs: Heirs;
  readonly maps: 'LIST' | 'JSON';
  /** The type of a value in an answer. `hint` names what has no name of its own, in PascalCase. */
  output(place: SchemaPlace | SchemaView, hint: string): MappedOutput;
  /** The type of an argument, or of a part of one. */
  input(place: SchemaPlace | SchemaView, hint: string): MappedInput;
  /** Work for later: bodies of types are filled when no type is half made. */
  later(task: () => void): void;
  /** Types made so far that stand for a schema, and may be met again. */
  readonly outputs: Map<object, MappedOutput>;
  readonly inputs: Map<object, MappedInput>;
  /** Types that depend on nothing but another type: entries of maps, boxes. By name. */
  readonly derivedOutputs: Map<string, MappedOutput>;
  readonly derivedInputs: Map<string, MappedInput>;
}
