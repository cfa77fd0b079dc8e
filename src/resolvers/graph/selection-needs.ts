import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { entityOf, hasEntities, linkRequirements } from '../../schema/index.ts';
import { linkKey } from '../../sources/index.ts';

/**
 * Adds to selections that go to one source, the producer, what its answers must have beside what the client selected:
 * what links need of their parents, and what other sources need to give their parts of an entity. A set to which
 * nothing is added stays the same set.
 */
export class SelectionNeeds {
  readonly #schema: GraphQLSchema;
  readonly #producer: string;
  readonly #fragments: GraphQLResolveInfo['fragments'];
  readonly #hasEntities: boolean;

  constructor(schema: GraphQLSchema, producer: string, fragments: GraphQLResolveInfo['fragments']) {
    this.#schema = schema;
    this.#producer = producer;
    this.#fragments = fragments;
    this.#hasEntities = hasEntities(schema);
  }

  /** The set below a field of this type. */
  below(set: SelectionSetNode, type: GraphQLNamedType | undefined): SelectionSetNode {
    const own = this.within(set, type);
    const needs = this.#hasEntities ? this.#entityNeeds(set, type) : [];
    return needs.length === 0 ? own : { ...own, selections: [...own.selections, ...needs] };
  }

  /** A set, or a part of one in a fragment. */
  within(set: SelectionSetNode, type: GraphQLNamedType | undefined): SelectionSetNode {
    const needs: FieldNode[] = [];
    const selections = set.selections.flatMap((node): SelectionNode | readonly SelectionNode[] => {
      switch (node.kind) {
        case Kind.FRAGMENT_SPREAD: {
          const { value: name } = node.name;
          const members = this.#members(this.#fragments[name]?.typeCondition.name.value, type);
          return members?.map((one) => ({ ...node, name: nameOf(memberFragment(name, one)) })) ?? node;
        }
        case Kind.INLINE_FRAGMENT: {
          const condition = node.typeCondition?.name.value;
          const members = this.#members(condition, type);
          if (members !== undefined) {
            return members.map((one) => ({
              ...node,
              typeCondition: { kind: Kind.NAMED_TYPE, name: nameOf(one.name) },
              selectionSet: this.within(node.selectionSet, one),
            }));
          }
          const of = condition === undefined ? type : this.#schema.getType(condition);
          const below = this.within(node.selectionSet, of);
          return below === node.selectionSet ? node : { ...node, selectionSet: below };
        }
        case Kind.FIELD:
          return this.#isComputed(node, type) ? [] : this.#field(node, type, needs);
        default: {
          const never: never = node;
          return never;
        }
      }
    });
    const same =
      needs.length === 0 &&
      selections.length === set.selections.length &&
      selections.every((node, index) => node === set.selections[index]);
    return same ? set : { ...set, selections: [...selections, ...needs] };
  }

  /**
   * All that a fragment becomes: itself; on an interface or union of another source, which the producer does not know,
   * one for each entity that may stand there.
   */
  ofFragment(name: string, fragment: FragmentDefinitionNode): readonly (readonly [string, FragmentDefinitionNode])[] {
    const condition = fragment.typeCondition.name.value;
    const members = this.#members(condition, undefined);
    if (members === undefined) {
      const selectionSet = this.within(fragment.selectionSet, this.#schema.getType(condition));
      return [[name, { ...fragment, selectionSet }]];
    }
    return members.map((one) => {
      const typeCondition = { kind: Kind.NAMED_TYPE, name: nameOf(one.name) } as const;
      const selectionSet = this.within(fragment.selectionSet, one);
      return [memberFragment(name, one), { ...fragment, typeCondition, selectionSet }];
    });
  }

  /**
   * The entities for which a condition holds that the producer does not know; undefined when it is to be asked as it is.
   * `type`: where the condition stands.
   */
  #members(
    condition: string | undefined,
    type: GraphQLNamedType | undefined,
  ): readonly GraphQLObjectType[] | undefined {
    const named = this.#hasEntities && condition !== undefined ? this.#schema.getType(condition) : undefined;
    if (!isAbstractType(named)) return undefined;
    const members = this.#schema.getPossibleTypes(named).flatMap((one) => {
      const side = entityOf(one)?.sides.get(this.#producer);
      return side === undefined ? [] : [{ one, side }];
    });
    const [first] = members;
    if (first === undefined || first.side.schema.getType(named.name) !== undefined) return undefined;
    return members.flatMap(({ one }) => (isObjectType(type) && type !== one ? [] : [one]));
  }

  /** A field that the producer answers itself, whatever is to be asked for below it. */
  ofField(node: FieldNode, type: GraphQLNamedType | undefined): FieldNode {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const below = field && node.selectionSet && this.below(node.selectionSet, getNamedType(field.type));
    return below === node.selectionSet || below === undefined ? node : { ...node, selectionSet: below };
  }

  /** What the producer computes it is asked for by itself, with what it takes. */
  #isComputed(node: FieldNode, type: GraphQLNamedType | undefined): boolean {
    const side = entityOf(type)?.sides.get(this.#producer);
    const { value: name } = node.name;
    return side?.type.getFields()[name] !== undefined && !side.fields.has(name);
  }

  #field(node: FieldNode, type: GraphQLNamedType | undefined, needs: FieldNode[]): FieldNode {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    if (field === undefined) return node;
    const entity = entityOf(type);
    // What an entity needs is added to the whole selection of it, wherever in it the fields are.
    if (entity !== undefined && !entity.owns(this.#producer, field.name)) return node;
    const required = linkRequirements(field);
    if (required !== undefined) {
      needs.push(...required.map(needed));
      return node;
    }
    return this.ofField(node, type);
  }

  /** What other sources need of the entities that stand in a place of this type. */
  #entityNeeds(set: SelectionSetNode, type: GraphQLNamedType | undefined): readonly SelectionNode[] {
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    return possible.flatMap((one): readonly SelectionNode[] => {
      const entity = entityOf(one);
      if (entity?.sides.has(this.#producer) !== true) return [];
      const names = new Set<string>();
      this.#collect(set, one, names, new Set());
      const paths = new Map<string, readonly string[]>();
      for (const path of entity.requirements(this.#producer, names)) paths.set(path.join('.'), path);
      const needs = [...paths.values()].map(needed);
      return needs.length === 0 || one === type
        ? needs
        : [onType(one.name, { kind: Kind.SELECTION_SET, selections: needs })];
    });
  }

  /** Names of the fields that are selected of objects of a type, whatever conditions say. */
  #collect(set: SelectionSetNode, type: GraphQLObjectType, names: Set<string>, visited: Set<string>): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        names.add(node.name.value);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (this.#applies(node.typeCondition?.name.value, type)) this.#collect(node.selectionSet, type, names, visited);
      } else {
        const { value: name } = node.name;
        const fragment = this.#fragments[name];
        if (fragment === undefined || visited.has(name)) continue;
        visited.add(name);
        if (this.#applies(fragment.typeCondition.name.value, type)) {
          this.#collect(fragment.selectionSet, type, names, visited);
        }
      }
    }
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const named = this.#schema.getType(condition);
    return isAbstractType(named) && this.#schema.isSubType(named, type);
  }
}

/** Beside those of clients, as keys of links are. */
function memberFragment(name: string, type: GraphQLObjectType): string {
  return `weirFragment_${type.name}_${name}`;
}

function nameOf(value: string) {
  return { kind: Kind.NAME, value } as const;
}

/** A selection for objects of one type alone. */
export function onType(name: string, selectionSet: SelectionSetNode): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
    selectionSet,
  };
}

/** A path of fields, each under a key of links' own. */
export function needed([step = '', ...rest]: readonly string[]): FieldNode {
  const below: SelectionSetNode | undefined =
    rest.length === 0 ? undefined : { kind: Kind.SELECTION_SET, selections: [needed(rest)] };
  return fieldNode(step, linkKey(step), below);
}

export function fieldNode(name: string, key: string, selectionSet: SelectionSetNode | undefined): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(key === name ? {} : { alias: { kind: Kind.NAME, value: key } }),
    ...(selectionSet === undefined ? {} : { selectionSet }),
  };
}
