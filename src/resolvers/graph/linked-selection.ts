import {
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { EntityPlace } from '../../schema/index.ts';
import type { Selection } from '../../sources/index.ts';
import { fieldNode, needed, onType, SelectionNeeds } from './selection-needs.ts';

type Fragments = GraphQLResolveInfo['fragments'];
type Written = Pick<Selection, 'fieldNodes' | 'fragments'>;

/** By the nodes of a planned field, which are the same for every request of its document. */
const written = new WeakMap<GraphQLResolveInfo['fieldNodes'], Map<string, Written>>();
/** By producer. */
const writtenFragments = new WeakMap<Fragments, Map<string, Fragments>>();
const writtenPlaces = new WeakMap<EntityPlace, Written>();

/**
 * What an operation of `producer` that selects is asked for below a field: what the client selected, and what links
 * and other sources' parts of entities in it need, under keys of their own so that no alias of the client's can be in
 * the way. `inside`: the field shows only what lies at this path of the operation's answer.
 */
export function selectionOf(info: GraphQLResolveInfo, producer: string, inside: readonly string[] = []): Selection {
  const { fieldNodes, operation, variableValues } = info;
  let variants = written.get(fieldNodes);
  if (variants === undefined) {
    variants = new Map();
    written.set(fieldNodes, variants);
  }
  const path = inside.join('.');
  let selection = variants.get(path);
  if (selection === undefined) {
    selection = write(info, producer, inside);
    variants.set(path, selection);
  }
  return { ...selection, operation, variableValues };
}

function write(info: GraphQLResolveInfo, producer: string, inside: readonly string[]): Written {
  const { schema, fieldNodes, returnType } = info;
  const needs = new SelectionNeeds(schema, producer, info.fragments);
  const type = getNamedType(returnType);
  const nodes = fieldNodes.map((node) => {
    const own = node.selectionSet && needs.below(node.selectionSet, type);
    const set = own && within(own, inside);
    return set === node.selectionSet || set === undefined ? node : { ...node, selectionSet: set };
  });
  const same = nodes.every((node, index) => node === fieldNodes[index]);
  return { fieldNodes: same ? fieldNodes : nodes, fragments: fragmentsWithNeeds(info.fragments, schema, producer) };
}

/** What a call for an entity of `producer` is asked for: the fields that the client selected of it, and what others need. */
export function entitySelection(
  place: EntityPlace,
  info: Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation' | 'variableValues'>,
  of: {
    readonly producer: string;
    readonly typeName: string;
    readonly inside: readonly string[];
    readonly abstract: boolean;
  },
): Selection {
  const { operation, variableValues } = info;
  let selection = writtenPlaces.get(place);
  if (selection === undefined) {
    const { schema, fragments } = info;
    const needs = new SelectionNeeds(schema, of.producer, fragments);
    const fields = place.nodes.map((node) => needs.ofField(node, schema.getType(of.typeName)));
    const own = setOf([...fields, ...place.extras.map(needed)]);
    const set = of.abstract ? setOf([onType(of.typeName, own)]) : own;
    selection = {
      fieldNodes: [fieldNode(of.typeName, of.typeName, within(set, of.inside))],
      fragments: fragmentsWithNeeds(fragments, schema, of.producer),
    };
    writtenPlaces.set(place, selection);
  }
  const { fieldNodes, fragments } = selection;
  return { fieldNodes, fragments, operation, variableValues };
}

function fragmentsWithNeeds(fragments: Fragments, schema: GraphQLSchema, producer: string): Fragments {
  let known = writtenFragments.get(fragments);
  if (known === undefined) {
    known = new Map();
    writtenFragments.set(fragments, known);
  }
  let ofProducer = known.get(producer);
  if (ofProducer === undefined) {
    const needs = new SelectionNeeds(schema, producer, fragments);
    ofProducer = Object.fromEntries(
      Object.entries(fragments).flatMap(([name, fragment]) => needs.ofFragment(name, fragment)),
    );
    known.set(producer, ofProducer);
  }
  return ofProducer;
}

function setOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

/** The selection put at the end of a path of fields. */
function within(set: SelectionSetNode, path: readonly string[]): SelectionSetNode {
  return path.reduceRight<SelectionSetNode>((below, step) => setOf([fieldNode(step, step, below)]), set);
}
