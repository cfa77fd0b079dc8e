import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { linkRequirements } from '../../schema/index.ts';
import { linkKey, type Selection } from '../../sources/index.ts';

type Fragments = GraphQLResolveInfo['fragments'];
type Written = Pick<Selection, 'fieldNodes' | 'fragments'>;

/** By the nodes of a planned field, which are the same for every request of its document. */
const written = new WeakMap<GraphQLResolveInfo['fieldNodes'], Map<string, Written>>();
const writtenFragments = new WeakMap<Fragments, Fragments>();

/**
 * What an operation that selects is asked for below a field: what the client selected, and what links in it need of
 * their parents, under keys of their own so that no alias of the client's can be in the way.
 * `inside`: the field shows only what lies at this path of the operation's answer.
 */
export function selectionOf(info: GraphQLResolveInfo, inside: readonly string[] = []): Selection {
  const { fieldNodes, operation, variableValues } = info;
  let variants = written.get(fieldNodes);
  if (variants === undefined) {
    variants = new Map();
    written.set(fieldNodes, variants);
  }
  const path = inside.join('.');
  let selection = variants.get(path);
  if (selection === undefined) {
    selection = write(info, inside);
    variants.set(path, selection);
  }
  return { ...selection, operation, variableValues };
}

function write(info: GraphQLResolveInfo, inside: readonly string[]): Written {
  const { schema, fieldNodes, returnType } = info;
  const fragments = fragmentsWithNeeds(info.fragments, schema);
  const type = getNamedType(returnType);
  const nodes = fieldNodes.map((node) => {
    let set = node.selectionSet && withNeeds(node.selectionSet, type, schema);
    for (const step of inside.toReversed())
      set = { kind: Kind.SELECTION_SET, selections: [fieldNode(step, step, set)] };
    return set === node.selectionSet || set === undefined ? node : { ...node, selectionSet: set };
  });
  const same = nodes.every((node, index) => node === fieldNodes[index]);
  return { fieldNodes: same ? fieldNodes : nodes, fragments };
}

function fragmentsWithNeeds(fragments: Fragments, schema: GraphQLSchema): Fragments {
  let known = writtenFragments.get(fragments);
  if (known === undefined) {
    const entries = Object.entries(fragments).map(([name, fragment]): [string, FragmentDefinitionNode] => {
      const type = schema.getType(fragment.typeCondition.name.value);
      return [name, { ...fragment, selectionSet: withNeeds(fragment.selectionSet, type, schema) }];
    });
    known = Object.fromEntries(entries);
    writtenFragments.set(fragments, known);
  }
  return known;
}

/** The same set when no link is in it. */
function withNeeds(set: SelectionSetNode, type: GraphQLNamedType | undefined, schema: GraphQLSchema): SelectionSetNode {
  const needs: FieldNode[] = [];
  const selections = set.selections.map((node): SelectionNode => {
    switch (node.kind) {
      case Kind.FRAGMENT_SPREAD:
        return node;
      case Kind.INLINE_FRAGMENT: {
        const condition = node.typeCondition?.name.value;
        const below = withNeeds(node.selectionSet, condition === undefined ? type : schema.getType(condition), schema);
        return below === node.selectionSet ? node : { ...node, selectionSet: below };
      }
      case Kind.FIELD: {
        const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
        if (field === undefined) return node;
        const required = linkRequirements(field);
        if (required !== undefined) {
          needs.push(...required.map(needed));
          return node;
        }
        const below = node.selectionSet && withNeeds(node.selectionSet, getNamedType(field.type), schema);
        return below === node.selectionSet || below === undefined ? node : { ...node, selectionSet: below };
      }
      default: {
        const never: never = node;
        return never;
      }
    }
  });
  const same = needs.length === 0 && selections.every((node, index) => node === set.selections[index]);
  return same ? set : { ...set, selections: [...selections, ...needs] };
}

/** A path of parent fields, each under a link's own key. */
function needed([step = '', ...rest]: readonly string[]): FieldNode {
  const below: SelectionSetNode | undefined =
    rest.length === 0 ? undefined : { kind: Kind.SELECTION_SET, selections: [needed(rest)] };
  return fieldNode(step, linkKey(step), below);
}

function fieldNode(name: string, key: string, selectionSet: SelectionSetNode | undefined): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(key === name ? {} : { alias: { kind: Kind.NAME, value: key } }),
    ...(selectionSet === undefined ? {} : { selectionSet }),
  };
}
