import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { type EntityInGraph, type EntityPlan, entityOf, fieldMark, hasEntities } from '../schema/index.ts';
import { fieldItems, VariableReader, type Variables } from './estimate-items.ts';

/** What an operation amounts to with its fragments unfolded. Infinity where fragments go in circles. */
export interface Measurement {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Fields that call an operation of a source. */
  readonly operations: number;
  readonly cost: number;
  /** False when the same numbers hold for any variables. */
  readonly dependsOnVariables: boolean;
  /** Fields and spreads looked at: the work this took. */
  readonly steps: number;
}

/** A call to an upstream costs as much as ten objects. */
const OPERATION_COST = 10;
/** `__schema.types` is the one introspection field that brings everything at once. */
const ALL_TYPES_COST = 500;
/** Any other list of introspection. */
const INTROSPECTION_LIST_COST = 20;
const INTROSPECTION_LISTS = new Set(['fields', 'args', 'inputFields', 'enumValues', 'interfaces', 'possibleTypes']);

/** What is around a selection. */
interface Around {
  /** The page size that holds for the lists directly in it. */
  readonly page: number | undefined;
  /** The source that its objects come from, in a graph where types are of several. */
  readonly producer: string | undefined;
}

interface Part {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  /** Fields of the selection itself, not of those below. */
  readonly fields: number;
  readonly operations: number;
  readonly cost: number;
}

/** A fragment that contains itself. Validation refuses it; measuring must end all the same. */
const ENDLESS: Part = {
  depth: Infinity,
  introspectionDepth: Infinity,
  aliases: Infinity,
  fields: Infinity,
  operations: Infinity,
  cost: Infinity,
};

/**
 * Measures one operation in time linear in the document, however far its fragments unfold: what a fragment
 * amounts to depends on nothing but its own text (and on the page size of the field around it), so each
 * is measured once and added where it is spread.
 *
 * Cost: an object is 1, a call to an upstream 10 more (also one for the fields that an entity has of another source),
 * a leaf nothing; a list counts its items as many times
 * as its `first`, `limit` or like argument says, else five times.
 */
export function measureOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Variables,
): Measurement {
  const reader = new VariableReader(variables);
  const measured = new Map<string, Part | 'open'>();
  let steps = 0;

  const root = schema.getRootType(operation.operation);
  const tracksProducers = hasEntities(schema);
  const { fields, ...whole } = selection(operation.selectionSet, root ?? undefined, {
    page: undefined,
    producer: undefined,
  });
  return { ...whole, rootFields: fields, dependsOnVariables: reader.wasRead, steps };

  function selection(set: SelectionSetNode, parent: GraphQLCompositeType | undefined, around: Around): Part {
    const plan = entityPlan(set, parent, around.producer);
    const fetches = plan?.steps.length ?? 0;
    const sum = {
      depth: 0,
      introspectionDepth: 0,
      aliases: 0,
      fields: 0,
      operations: fetches,
      cost: fetches * OPERATION_COST,
    };
    for (const node of set.selections) {
      steps++;
      if (!reader.isIncluded(node)) continue;
      const part = measureNode(node, parent, around, plan);
      sum.depth = Math.max(sum.depth, part.depth);
      sum.introspectionDepth = Math.max(sum.introspectionDepth, part.introspectionDepth);
      sum.aliases += part.aliases;
      sum.fields += part.fields;
      sum.operations += part.operations;
      sum.cost += part.cost;
    }
    return sum;
  }

  function measureNode(
    node: SelectionSetNode['selections'][number],
    parent: GraphQLCompositeType | undefined,
    around: Around,
    plan: EntityPlan | undefined,
  ): Part {
    switch (node.kind) {
      case Kind.FIELD:
        return field(node, parent, around, plan);
      case Kind.INLINE_FRAGMENT:
        return selection(node.selectionSet, compositeType(node.typeCondition?.name.value) ?? parent, around);
      case Kind.FRAGMENT_SPREAD:
        return fragment(node.name.value, around);
      default: {
        const never: never = node;
        return never;
      }
    }
  }

  function fragment(name: string, around: Around): Part {
    const definition = fragments.get(name);
    if (definition === undefined) return selection({ kind: Kind.SELECTION_SET, selections: [] }, undefined, around);
    const key = `${around.page ?? ''} ${around.producer ?? ''} ${name}`;
    const known = measured.get(key);
    if (known !== undefined) return known === 'open' ? ENDLESS : known;
    measured.set(key, 'open');
    const part = selection(definition.selectionSet, compositeType(definition.typeCondition.name.value), around);
    measured.set(key, part);
    return part;
  }

  function field(
    node: FieldNode,
    parent: GraphQLCompositeType | undefined,
    { page, producer }: Around,
    plan: EntityPlan | undefined,
  ): Part {
    const definition = fieldDefinition(schema, parent, node.name.value);
    const named = definition === undefined ? undefined : getNamedType(definition.type);
    const type = isCompositeType(named) ? named : undefined;
    const items = fieldItems(definition, node, reader, page);
    const mark = definition === undefined ? undefined : fieldMark(definition);
    const comesFrom = tracksProducers ? (mark?.source ?? fieldProducer(plan, node.name.value, producer)) : undefined;
    const inner: Around = { page: items.pageBelow, producer: comesFrom };
    const below = node.selectionSet === undefined ? undefined : selection(node.selectionSet, type, inner);
    const isOperation = mark?.operation !== undefined;
    const inIntrospection = parent?.name.startsWith('__') === true;
    const ownCost = inIntrospection
      ? introspectionCost(node.name.value)
      : (isOperation ? OPERATION_COST : 0) + (below === undefined ? 0 : times(items.count, 1 + below.cost));
    return {
      depth: inIntrospection ? 0 : 1 + (below?.depth ?? 0),
      introspectionDepth: (below?.introspectionDepth ?? 0) + (inIntrospection ? 1 : 0),
      aliases: (node.alias === undefined ? 0 : 1) + (below?.aliases ?? 0),
      fields: 1,
      operations: (isOperation ? 1 : 0) + (below?.operations ?? 0),
      cost: inIntrospection ? ownCost + (below?.cost ?? 0) : ownCost,
    };
  }

  /** The calls for what of an entity its producer does not have. A link is a call of its own, told by its field. */
  function entityPlan(
    set: SelectionSetNode,
    parent: GraphQLCompositeType | undefined,
    producer: string | undefined,
  ): EntityPlan | undefined {
    const entity = producer === undefined ? undefined : entityAt(schema, parent, producer);
    if (producer === undefined || entity === undefined) return undefined;
    const names = set.selections.flatMap((node) =>
      node.kind === Kind.FIELD && reader.isIncluded(node) ? node.name.value : [],
    );
    return entity.plan(
      producer,
      names.filter((name) => fieldDefinition(schema, parent, name) !== undefined),
    );
  }

  function compositeType(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

/** Of an interface any of the entities that implement it: what it has, they have alike. */
function entityAt(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType | undefined,
  producer: string,
): EntityInGraph | undefined {
  if (!isInterfaceType(parent)) return entityOf(parent);
  for (const type of schema.getPossibleTypes(parent)) {
    const entity = entityOf(type);
    if (entity?.sides.has(producer) === true) return entity;
  }
  return undefined;
}

function introspectionCost(field: string): number {
  if (field === 'types') return ALL_TYPES_COST;
  return INTROSPECTION_LISTS.has(field) ? INTROSPECTION_LIST_COST : 0;
}

/** The source that a field of an entity is got from; of any other type that of the object. */
function fieldProducer(plan: EntityPlan | undefined, field: string, producer: string | undefined): string | undefined {
  const origin = plan?.origins.get(field);
  return (origin?.kind === 'STEP' ? plan?.steps[origin.step]?.route.provider.source : undefined) ?? producer;
}

/** An empty page of something endless is still refused: 0 * Infinity must not become NaN. */
function times(count: number, each: number): number {
  return each === Infinity ? Infinity : count * each;
}

/** Undefined for unknown fields, and for `__typename`, which is free. */
function fieldDefinition(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}
