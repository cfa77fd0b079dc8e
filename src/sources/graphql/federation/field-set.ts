import {
  type DirectiveNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { textOf } from './directives.ts';

/** What the argument `fields` of a `@key` or `@requires` names. */
export interface FieldSet {
  /** `id owner { id }` is `id` and `owner.id`. */
  readonly paths: readonly string[];
  /** Of all fields on the way: `Book.owner`, `Person.id`. */
  readonly coordinates: readonly string[];
  /** What of it Weir cannot follow; goes on a sentence: `it …`. */
  readonly problem: string | undefined;
}

export type Types = ReadonlyMap<string, TypeDefinitionNode>;

interface Found {
  readonly paths: string[];
  readonly coordinates: string[];
  readonly problems: string[];
}

/** Reads a field set of a type against the types of its document. Throws GraphQLError for what is none. */
export function readFieldSet(
  directive: DirectiveNode | undefined,
  of: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
  types: Types,
): FieldSet {
  const found: Found = { paths: [], coordinates: [], problems: [] };
  const text = textOf(directive, 'fields');
  const [operation] = text === undefined ? [] : parse(`{${text}}`, { noLocation: true }).definitions;
  if (operation?.kind === Kind.OPERATION_DEFINITION) walk(operation.selectionSet, of, '', types, found);
  const { paths, coordinates, problems } = found;
  return { paths, coordinates, problem: problems[0] };
}

function walk(
  { selections }: SelectionSetNode,
  of: TypeDefinitionNode | undefined,
  before: string,
  types: Types,
  found: Found,
): void {
  for (const node of selections) {
    if (node.kind !== Kind.FIELD) found.problems.push('has a fragment');
    else if (node.name.value !== '__typename') step(node, of, before, types, found);
  }
}

function step(
  { name: { value: name }, arguments: args = [], selectionSet }: FieldNode,
  of: TypeDefinitionNode | undefined,
  before: string,
  types: Types,
  found: Found,
): void {
  const path = before + name;
  const coordinate = `${of?.name.value ?? ''}.${name}`;
  found.coordinates.push(coordinate);
  if (args.length > 0) found.problems.push(`gives ${coordinate} arguments`);
  if (selectionSet === undefined) {
    found.paths.push(path);
    return;
  }
  const type = fieldsOf(of).find((one) => one.name.value === name)?.type;
  const below = type && types.get(namedType(type).name.value);
  if (type !== undefined && isList(type)) found.problems.push(`leads through the list ${coordinate}`);
  if (below?.kind === Kind.INTERFACE_TYPE_DEFINITION || below?.kind === Kind.UNION_TYPE_DEFINITION) {
    found.problems.push(`leads through ${below.name.value}, which is no object type`);
  }
  walk(selectionSet, below, `${path}.`, types, found);
}

export function fieldsOf(type: TypeDefinitionNode | undefined) {
  return type?.kind === Kind.OBJECT_TYPE_DEFINITION || type?.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? (type.fields ?? [])
    : [];
}

export function isList(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;
}

export function namedType(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : namedType(type.type);
}
