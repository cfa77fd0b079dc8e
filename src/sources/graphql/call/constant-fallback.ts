import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Selection } from '../../source.ts';
import type { SelectableTypes } from '../document/compile-selection.ts';
import { Conditions } from '../document/condition.ts';

/**
 * A constant that the owner declared to stand in for an answer: in the graph's field names, while answers stand under
 * the keys of the client's selection. So it is put into shape for each client.
 */
export class ConstantFallback {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  /** The constant as an answer to a selection. What it does not have is null. */
  select(type: GraphQLOutputType, selection: Selection | undefined, types: SelectableTypes): unknown {
    if (selection === undefined) return this.value;
    const sets = selection.fieldNodes.flatMap((node) => node.selectionSet ?? []);
    return new Projection(selection, types).complete(this.value, type, sets);
  }
}

class Projection {
  readonly #selection: Selection;
  readonly #types: SelectableTypes;
  readonly #conditions: Conditions;

  constructor(selection: Selection, types: SelectableTypes) {
    this.#selection = selection;
    this.#types = types;
    this.#conditions = new Conditions(selection.variableValues);
  }

  complete(value: unknown, type: GraphQLOutputType, sets: readonly SelectionSetNode[]): unknown {
    const present = getNullableType(type);
    if (value === null || value === undefined) return null;
    if (isListType(present)) {
      return Array.isArray(value)
        ? Object.freeze(value.map((item) => this.complete(item, present.ofType, sets)))
        : null;
    }
    if (isLeafType(present)) return value;
    if (typeof value !== 'object') return null;
    const object = value as Readonly<Record<string, unknown>>;
    const objectType = isAbstractType(present) ? this.#objectType(object.__typename) : present;
    return isObjectType(objectType) ? this.#object(object, objectType, sets) : null;
  }

  /** By its name in the graph, or in the upstream. */
  #objectType(name: unknown): unknown {
    if (typeof name !== 'string') return undefined;
    const { schema, upstreamNames } = this.#types;
    const graphName = [...upstreamNames].find(([, upstream]) => upstream === name)?.[0];
    return schema.getType(name) ?? (graphName === undefined ? undefined : schema.getType(graphName));
  }

  #object(
    value: Readonly<Record<string, unknown>>,
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
  ): unknown {
    const collected = new Map<string, FieldNode[]>();
    for (const set of sets) this.#collect(set, type, collected, new Set());
    // Without a prototype, so that an alias `__proto__` is a key like any other.
    const answer: Record<string, unknown> = Object.assign(Object.create(null), { __typename: type.name });
    for (const [key, nodes] of collected) {
      const name = nodes[0]?.name.value ?? '';
      const field = type.getFields()[name];
      if (field === undefined) continue;
      answer[key] = this.complete(
        value[name],
        field.type,
        nodes.flatMap((node) => node.selectionSet ?? []),
      );
    }
    return Object.freeze(answer);
  }

  #collect(set: SelectionSetNode, type: GraphQLObjectType, into: Map<string, FieldNode[]>, spread: Set<string>): void {
    for (const node of set.selections) {
      if (!this.#conditions.isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        into.set(key, [...(into.get(key) ?? []), node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (this.#applies(node.typeCondition?.name.value, type)) this.#collect(node.selectionSet, type, into, spread);
      } else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        const fragment = this.#selection.fragments[node.name.value];
        if (fragment !== undefined && this.#applies(fragment.typeCondition.name.value, type)) {
          this.#collect(fragment.selectionSet, type, into, spread);
        }
      }
    }
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const { schema } = this.#types;
    const named = schema.getType(condition);
    return isAbstractType(named) && schema.isSubType(named, type);
  }
}
