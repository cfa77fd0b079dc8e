import {
  type GraphQLArgument,
  type GraphQLArgumentConfig,
  GraphQLEnumType,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLInputField,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLType,
  GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import type { Warning } from '../../source.ts';
import { isPrintable } from '../read/print-schema.ts';
import { readByResponseKey } from './read-by-response-key.ts';
import { passThroughScalar, sharedScalar } from './scalars.ts';

type Fields = Record<string, GraphQLFieldConfig<unknown, unknown>>;

/** Makes the graph's types of an upstream's: renamed, with everything the type system says of them. */
export class TypeCopier {
  readonly warnings: Warning[] = [];
  readonly #graphNames: ReadonlyMap<string, string>;
  readonly #upstreamNames: ReadonlyMap<string, string>;
  readonly #copies = new Map<string, GraphQLNamedType>();

  constructor(graphNames: ReadonlyMap<string, string>) {
    this.#graphNames = graphNames;
    this.#upstreamNames = new Map([...graphNames].map(([upstream, graph]) => [graph, upstream]));
  }

  /** By the name in the graph: the name in the upstream. */
  get upstreamNames(): ReadonlyMap<string, string> {
    return this.#upstreamNames;
  }

  named(type: GraphQLNamedType): GraphQLNamedType {
    if (isSpecifiedScalarType(type)) return type;
    let copy = this.#copies.get(type.name);
    if (copy === undefined) {
      copy = this.#copy(type);
      this.#copies.set(type.name, copy);
    }
    return copy;
  }

  output(type: GraphQLOutputType): GraphQLOutputType {
    return this.#reference(type) as GraphQLOutputType;
  }

  /** One argument or input field. A default that GraphQL cannot print stays the upstream's business alone. */
  input(of: GraphQLArgument | GraphQLInputField, path: string): GraphQLArgumentConfig & GraphQLInputFieldConfig {
    const { type, description, defaultValue, deprecationReason } = of;
    const copied = { type: this.#reference(type) as GraphQLInputType, description, deprecationReason };
    if (defaultValue === undefined) return copied;
    if (isPrintable(of)) return { ...copied, defaultValue };
    const message = 'The default cannot be shown; the upstream applies it when the argument is left out.';
    this.warnings.push({ kind: 'DEFAULT_NOT_SHOWN', path, message });
    return isNonNullType(copied.type) ? { ...copied, type: copied.type.ofType } : copied;
  }

  arguments(field: GraphQLField<unknown, unknown>, path: string): Record<string, GraphQLArgumentConfig> {
    return Object.fromEntries(field.args.map((arg) => [arg.name, this.input(arg, `${path}.${arg.name}`)]));
  }

  #copy(type: GraphQLNamedType): GraphQLNamedType {
    const name = this.#graphNames.get(type.name) ?? type.name;
    const { description } = type;
    if (isScalarType(type)) return sharedScalar(type) ?? passThroughScalar(name, type);
    if (isEnumType(type)) {
      const values = type.getValues().map((value) => {
        return [value.name, { description: value.description, deprecationReason: value.deprecationReason }] as const;
      });
      return new GraphQLEnumType({ name, description, values: Object.fromEntries(values) });
    }
    if (isInputObjectType(type)) {
      const fields = () => {
        const all = Object.values(type.getFields());
        return Object.fromEntries(all.map((field) => [field.name, this.input(field, `${type.name}.${field.name}`)]));
      };
      return new GraphQLInputObjectType({ name, description, isOneOf: type.isOneOf, fields });
    }
    if (isUnionType(type)) {
      const types = () => type.getTypes().map((member) => this.named(member) as GraphQLObjectType);
      return new GraphQLUnionType({ name, description, types, resolveType: this.#resolveType });
    }
    const fields = () => this.#fields(type);
    const interfaces = () => type.getInterfaces().map((one) => this.named(one) as GraphQLInterfaceType);
    if (isInterfaceType(type)) {
      return new GraphQLInterfaceType({ name, description, fields, interfaces, resolveType: this.#resolveType });
    }
    return new GraphQLObjectType({ name, description, fields, interfaces });
  }

  #fields(type: GraphQLObjectType | GraphQLInterfaceType): Fields {
    const fields: Fields = {};
    for (const field of Object.values(type.getFields())) {
      fields[field.name] = {
        type: this.output(field.type),
        description: field.description,
        deprecationReason: field.deprecationReason,
        args: this.arguments(field, `${type.name}.${field.name}`),
        ...(isObjectType(type) ? { resolve: readByResponseKey } : {}),
      };
    }
    return fields;
  }

  #reference(type: GraphQLType): GraphQLType {
    if (isNonNullType(type)) return new GraphQLNonNull(this.#reference(type.ofType) as never);
    if (isListType(type)) return new GraphQLList(this.#reference(type.ofType));
    return this.named(type);
  }

  /** An upstream's `__typename` is in its own words. A declared fallback may speak in those of the graph. */
  readonly #resolveType = (value: unknown): string | undefined => {
    if (typeof value !== 'object' || value === null || !('__typename' in value)) return undefined;
    const { __typename: name } = value;
    if (typeof name !== 'string') return undefined;
    return this.#graphNames.get(name) ?? name;
  };
}
