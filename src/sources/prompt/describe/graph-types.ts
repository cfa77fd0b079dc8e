import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import type { ScalarName, Shape } from '../shapes/shape.ts';
import type { TypeBook } from '../shapes/type-book.ts';
import { fileInputType } from './own-types.ts';

const SCALARS: Readonly<Record<ScalarName, GraphQLScalarType>> = {
  String: GraphQLString,
  Int: GraphQLInt,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
  ID: GraphQLID,
};

/** The GraphQL types of a prompt's shapes, each made once. Enums stand in arguments and answers alike. */
export class GraphTypes {
  readonly #prefix: string;
  readonly #book: TypeBook;
  readonly #made = new Map<string, GraphQLNamedType>();

  constructor(prefix: string, book: TypeBook) {
    this.#prefix = prefix;
    this.#book = book;
  }

  output(shape: Shape): GraphQLOutputType {
    const type = this.#nullableOutput(shape);
    return shape.nullable ? type : new GraphQLNonNull(type);
  }

  input(shape: Shape): GraphQLInputType {
    const type = this.#nullableInput(shape);
    return shape.nullable ? type : new GraphQLNonNull(type);
  }

  #nullableOutput(shape: Shape) {
    switch (shape.kind) {
      case 'scalar':
        return SCALARS[shape.scalar];
      case 'enum':
        return this.#enum(shape.name, shape.values);
      case 'list':
        return new GraphQLList(this.output(shape.item));
      case 'object': {
        const { name, fields } = shape;
        return this.#once(
          name,
          () =>
            new GraphQLObjectType({
              name: this.#prefix + name,
              description: this.#describing(name),
              fields: Object.fromEntries(
                fields.map((field) => [field.name, { type: this.output(field.shape), description: field.description }]),
              ),
            }),
        );
      }
      case 'file':
        throw new TypeError('A model cannot answer with a file; reading a definition refuses one.');
      default: {
        const never: never = shape;
        return never;
      }
    }
  }

  #nullableInput(shape: Shape) {
    switch (shape.kind) {
      case 'scalar':
        return SCALARS[shape.scalar];
      case 'enum':
        return this.#enum(shape.name, shape.values);
      case 'list':
        return new GraphQLList(this.input(shape.item));
      case 'file':
        return this.#once('FileInput', () => fileInputType(this.#prefix));
      case 'object':
        throw new TypeError('A variable is no object; reading a definition refuses one.');
      default: {
        const never: never = shape;
        return never;
      }
    }
  }

  #enum(name: string, values: readonly string[]): GraphQLEnumType {
    return this.#once(
      name,
      () =>
        new GraphQLEnumType({
          name: this.#prefix + name,
          description: this.#describing(name),
          values: Object.fromEntries(values.map((value) => [value, {}])),
        }),
    );
  }

  #describing(name: string): string | undefined {
    return this.#book.definition(name)?.description?.value;
  }

  #once<T extends GraphQLNamedType>(name: string, make: () => T): T {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made as T;
  }
}
