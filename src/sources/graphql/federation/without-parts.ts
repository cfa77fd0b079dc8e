import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  Kind,
  type TypeNode,
} from 'graphql';
import { namedType } from './field-set.ts';
import type { LinkedNames } from './linked-names.ts';

/**
 * A document (without extensions) less some of its parts, and less what refers to a type that is left out. Parts are
 * named by their coordinates: `Type`, `Type.field` (also of an input, or a value of an enum), `Type.field(argument:)`.
 * A type of which nothing is left goes too.
 */
export function withoutParts(document: DocumentNode, left: ReadonlySet<string>): DocumentNode {
  const all = new Set(left);
  for (;;) {
    const before = all.size;
    const definitions = document.definitions
      .filter((node) => !('name' in node && all.has(node.name?.value ?? '')))
      .map((node) => {
        const rest = withoutSome(node, all);
        if ('name' in node && isEmptied(node, rest)) all.add(node.name?.value ?? '');
        return rest;
      });
    if (all.size === before) return { ...document, definitions };
  }
}

/** A document less the types and directives by which a subgraph speaks to its supergraph, whatever it calls them. */
export function withoutFederation(document: DocumentNode, names: LinkedNames): DocumentNode {
  const isTheirs = (name: string): boolean => names.directive(name) !== undefined;
  const own = (one: ConstDirectiveNode): boolean => !isTheirs(one.name.value);
  const definitions = document.definitions.flatMap((node): DefinitionNode[] => {
    const name = 'name' in node ? (node.name?.value ?? '') : '';
    if (node.kind === Kind.DIRECTIVE_DEFINITION) return isTheirs(name) ? [] : [node];
    if (names.isType(name)) return [];
    if (node.kind !== Kind.SCHEMA_DEFINITION) return [node];
    const directives = node.directives?.filter(own) ?? [];
    return node.operationTypes.length === 0 && directives.length === 0 ? [] : [{ ...node, directives }];
  });
  return { ...document, definitions };
}

function withoutSome(node: DefinitionNode, left: ReadonlySet<string>): DefinitionNode {
  const isSeen = (type: TypeNode): boolean => !left.has(namedType(type).name.value);
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const of = node.name.value;
      const isGiven = (field: string) => (argument: InputValueDefinitionNode) =>
        !left.has(`${of}.${field}(${argument.name.value}:)`) && isSeen(argument.type);
      const fields = (node.fields ?? [])
        .filter(({ name, type }) => !left.has(`${of}.${name.value}`) && isSeen(type))
        .map((field) => ({ ...field, arguments: field.arguments?.filter(isGiven(field.name.value)) ?? [] }));
      return { ...node, fields, interfaces: node.interfaces?.filter(isSeen) ?? [] };
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = node.fields?.filter(({ name, type }) => {
        return !left.has(`${node.name.value}.${name.value}`) && isSeen(type);
      });
      return { ...node, fields: fields ?? [] };
    }
    case Kind.ENUM_TYPE_DEFINITION:
      return {
        ...node,
        values: node.values?.filter(({ name }) => !left.has(`${node.name.value}.${name.value}`)) ?? [],
      };
    case Kind.UNION_TYPE_DEFINITION:
      return { ...node, types: node.types?.filter(isSeen) ?? [] };
    case Kind.SCHEMA_DEFINITION:
      return { ...node, operationTypes: node.operationTypes.filter(({ type }) => isSeen(type)) };
    default:
      return node;
  }
}

function isEmptied(before: DefinitionNode, after: DefinitionNode): boolean {
  return partsOf(before) > 0 && partsOf(after) === 0;
}

function partsOf(node: DefinitionNode): number {
  if ('fields' in node) return node.fields?.length ?? 0;
  if ('values' in node) return node.values?.length ?? 0;
  return 'types' in node ? (node.types?.length ?? 0) : 0;
}
