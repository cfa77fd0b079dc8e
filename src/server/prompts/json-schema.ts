import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  valueFromASTUntyped,
} from 'graphql';

export type JsonSchema = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  String: { type: 'string' },
  ID: { type: 'string' },
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
};

/** GraphQL's types as JSON Schema 2020-12. Named ones are collected, and referred to as components of a document. */
export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {};

  of(type: GraphQLType): JsonSchema {
    if (isNonNullType(type)) return this.#notNull(type.ofType);
    return { anyOf: [this.#notNull(type), { type: 'null' }] };
  }

  /** An object whose properties are the arguments of a field. */
  ofArguments(args: readonly GraphQLArgument[]): JsonSchema {
    return this.#object(args, isRequiredArgument);
  }

  #notNull(type: GraphQLType): JsonSchema {
    if (isNonNullType(type)) return this.#notNull(type.ofType);
    if (isListType(type)) return { type: 'array', items: this.of(type.ofType) };
    return SCALARS[type.name] ?? this.#named(type);
  }

  #named(type: GraphQLNamedType): JsonSchema {
    if (!Object.hasOwn(this.components, type.name)) {
      // Before its fields: a type may refer to itself.
      this.components[type.name] = {};
      this.components[type.name] = { ...this.#described(type), ...described(type.description) };
    }
    return { $ref: `#/components/schemas/${type.name}` };
  }

  #described(type: GraphQLNamedType): JsonSchema {
    if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) };
    if (isInputObjectType(type)) return this.#object(Object.values(type.getFields()), isRequiredInputField);
    if (!isObjectType(type)) return {};
    const fields = Object.values(type.getFields());
    return {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, this.of(field.type)])),
      required: fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name),
    };
  }

  #object<T extends GraphQLArgument | GraphQLInputField>(
    fields: readonly T[],
    isRequired: (field: T) => boolean,
  ): JsonSchema {
    return {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, this.#property(field)])),
      required: fields.filter(isRequired).map(({ name }) => name),
      additionalProperties: false,
    };
  }

  #property(field: GraphQLArgument | GraphQLInputField): JsonSchema {
    const schema = { ...this.of(field.type), ...described(field.description) };
    const value = field.defaultValue === undefined ? undefined : astFromValue(field.defaultValue, field.type);
    return value === undefined || value === null ? schema : { ...schema, default: valueFromASTUntyped(value) };
  }
}

function described(description: string | null | undefined): JsonSchema {
  return typeof description === 'string' && description !== '' ? { description } : {};
}
