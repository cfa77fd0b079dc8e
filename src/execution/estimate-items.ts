import {
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionNode,
  type ValueNode,
} from 'graphql';

/** As GraphQL coerced them. */
export type Variables = Readonly<Record<string, unknown>>;

/** Arguments that say how many items are wanted: those of GraphQL and those usual in REST. */
const PAGE_ARGUMENTS = ['first', 'last', 'limit', 'pageSize', 'page_size', 'perPage', 'per_page'];

/** Items of a list whose length nobody limits. A guess: nested lists multiply, so a small one. */
const ASSUMED_ITEMS = 5;

/** Reads values that may be variables, and remembers whether any was. */
export class VariableReader {
  readonly #variables: Variables;
  wasRead = false;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** False when `@skip` or `@include` leaves the selection out. */
  isIncluded(node: SelectionNode): boolean {
    for (const directive of node.directives ?? []) {
      const name = directive.name.value;
      if (name !== 'skip' && name !== 'include') continue;
      const condition = directive.arguments?.find((argument) => argument.name.value === 'if');
      const value = condition === undefined ? undefined : this.read(condition.value);
      if (name === 'skip' ? value === true : value === false) return false;
    }
    return true;
  }

  /** Booleans and numbers; anything else is undefined. */
  read(node: ValueNode): unknown {
    switch (node.kind) {
      case Kind.VARIABLE:
        this.wasRead = true;
        return this.#variables[node.name.value];
      case Kind.BOOLEAN:
        return node.value;
      case Kind.INT:
      case Kind.FLOAT:
        return Number(node.value);
      default:
        return undefined;
    }
  }
}

export interface FieldItems {
  /** How many objects the field brings. */
  readonly count: number;
  /** The page size that holds for the lists directly below: that of a connection or page object. */
  readonly pageBelow: number | undefined;
}

/** `page` is the size that the field around this one was asked for, when that was no list itself. */
export function fieldItems(
  definition: GraphQLField<unknown, unknown> | undefined,
  node: FieldNode,
  reader: VariableReader,
  page: number | undefined,
): FieldItems {
  if (definition === undefined) return { count: 1, pageBelow: undefined };
  const asked = askedPage(definition, node, reader);
  const lists = listDepth(definition.type);
  if (lists === 0) return { count: 1, pageBelow: asked };
  return { count: (asked ?? page ?? ASSUMED_ITEMS) * ASSUMED_ITEMS ** (lists - 1), pageBelow: undefined };
}

function askedPage(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  reader: VariableReader,
): number | undefined {
  let largest: number | undefined;
  for (const argument of definition.args) {
    if (!PAGE_ARGUMENTS.includes(argument.name)) continue;
    const given = node.arguments?.find((candidate) => candidate.name.value === argument.name);
    const value = (given === undefined ? undefined : reader.read(given.value)) ?? argument.defaultValue;
    if (typeof value === 'number' && !Number.isNaN(value)) largest = Math.max(largest ?? 0, value);
  }
  return largest;
}

function listDepth(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepth(type.ofType);
  return isListType(type) ? 1 + listDepth(type.ofType) : 0;
}
