import {
  type DocumentNode,
  type EnumTypeDefinitionNode,
  GraphQLError,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';
import type { Problem } from '../../../errors/index.ts';
import { isFileType, isScalarName, type Shape } from './shape.ts';

export type TypeDefinition = EnumTypeDefinitionNode | ObjectTypeDefinitionNode;

/** Names that the prompt's own types have in the graph, or that mean something else in a variable. */
const TAKEN = ['Stream', 'Usage', 'FileInput', 'MessageInput', 'MessageRole', 'File', 'Image'];

/** The types that a prompt's SDL declares, by name. */
export class TypeBook {
  readonly #definitions = new Map<string, TypeDefinition>();

  /** Adds what one text declares; tells everything in it that has no place in a prompt. */
  add(sdl: string, place: string, allowed: 'enums' | 'enums and objects'): Problem[] {
    let document: DocumentNode;
    try {
      document = parse(sdl);
    } catch (error: unknown) {
      if (!(error instanceof GraphQLError)) throw error;
      const [at] = error.locations ?? [];
      const where = at === undefined ? '' : ` (line ${at.line}, column ${at.column})`;
      return [{ path: place, message: `Expected GraphQL SDL; got: ${error.message}${where}` }];
    }
    return document.definitions.flatMap((definition) => {
      const isObject = definition.kind === Kind.OBJECT_TYPE_DEFINITION;
      if (definition.kind !== Kind.ENUM_TYPE_DEFINITION && !(isObject && allowed !== 'enums')) {
        const name = 'name' in definition ? (definition.name?.value ?? '') : '';
        const path = name === '' ? place : `${place}.${name}`;
        return [{ path, message: `Expected ${expected(allowed)}; got a definition of kind ${definition.kind}.` }];
      }
      return this.#addDefinition(definition, place);
    });
  }

  /** The object types that were added, in the order of the text. */
  get objectNames(): readonly string[] {
    return [...this.#definitions.values()]
      .filter(({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION)
      .map(({ name }) => name.value);
  }

  get names(): readonly string[] {
    return [...this.#definitions.keys()];
  }

  definition(name: string): TypeDefinition | undefined {
    return this.#definitions.get(name);
  }

  /** The shape that a type means; undefined when it names a type that is not there, or one that contains itself. */
  shape(type: TypeNode, within: readonly string[] = []): Shape | undefined {
    if (type.kind === Kind.NON_NULL_TYPE) {
      const shape = this.shape(type.type, within);
      return shape === undefined ? undefined : { ...shape, nullable: false };
    }
    if (type.kind === Kind.LIST_TYPE) {
      const item = this.shape(type.type, within);
      return item === undefined ? undefined : { kind: 'list', item, nullable: true };
    }
    const name = type.name.value;
    if (isScalarName(name)) return { kind: 'scalar', scalar: name, nullable: true };
    if (isFileType(name)) return { kind: 'file', type: name, nullable: true };
    const definition = this.#definitions.get(name);
    if (definition === undefined || within.includes(name)) return undefined;
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION) {
      const values = (definition.values ?? []).map((value) => value.name.value);
      return { kind: 'enum', name, values, nullable: true };
    }
    const fields = (definition.fields ?? []).flatMap((field) => {
      const shape = this.shape(field.type, [...within, name]);
      return shape === undefined ? [] : [{ name: field.name.value, description: field.description?.value, shape }];
    });
    return { kind: 'object', name, fields, nullable: true };
  }

  #addDefinition(definition: TypeDefinition, place: string): Problem[] {
    const name = definition.name.value;
    const path = `${place}.${name}`;
    const problems: Problem[] = [];
    if (this.#definitions.has(name)) problems.push({ path, message: `Expected each type once; ${name} came twice.` });
    if (isScalarName(name) || TAKEN.includes(name) || name.startsWith('__')) {
      problems.push({ path, message: `Expected a name that Weir does not use itself; got ${name}.` });
    }
    this.#definitions.set(name, definition);
    const members = definition.kind === Kind.ENUM_TYPE_DEFINITION ? definition.values : definition.fields;
    const names = (members ?? []).map((member) => member.name.value);
    if (names.length === 0) problems.push({ path, message: 'Expected at least one field or value; got none.' });
    for (const reserved of names.filter((one) => one.startsWith('__'))) {
      problems.push({ path: `${path}.${reserved}`, message: 'Expected a name without __ at its start.' });
    }
    for (const twice of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
      problems.push({ path: `${path}.${twice}`, message: `Expected each name once; ${twice} came twice.` });
    }
    return problems;
  }
}

function expected(allowed: 'enums' | 'enums and objects'): string {
  return allowed === 'enums' ? 'enum types only' : 'object and enum types only, which a JSON schema expresses';
}

/** The type at the bottom of lists and non-nulls. */
export function innermost(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : innermost(type.type);
}
