import type { FieldNode, GraphQLField, GraphQLFieldResolver, GraphQLObjectType } from 'graphql';
import { WeirError } from '../../errors/index.ts';
import { type EntityInGraph, type EntityPlan, entityOf } from '../../schema/index.ts';
import type { FetchedOrigin, PlannedStep } from './types.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown> | undefined;

export interface FieldSource {
  /** As at the source that the field is answered by. */
  readonly resolve: Resolver;
  /** Where its objects come from. Undefined: as the field itself says. */
  readonly producer: string | undefined;
  readonly origin: FetchedOrigin | undefined;
}

/** Where the fields of one selection on an entity come from. */
export interface FieldSources {
  readonly steps: readonly PlannedStep[] | undefined;
  of(field: GraphQLField<unknown, unknown>): FieldSource | undefined;
}

/** Undefined for a type that is not of several sources. */
export function fieldSources(
  type: GraphQLObjectType,
  producer: string,
  collected: ReadonlyMap<string, readonly FieldNode[]>,
): FieldSources | undefined {
  const entity = entityOf(type);
  if (entity?.sides.has(producer) !== true) return undefined;
  const names = [...collected.values()].flatMap(([first]) => first?.name.value ?? []);
  const plan = entity.plan(producer, new Set(names.filter((name) => type.getFields()[name] !== undefined)));
  return {
    steps: plan.steps.length + plan.origins.size === 0 ? undefined : plannedSteps(plan, collected),
    of: (field) => fieldSource(entity, producer, plan, field),
  };
}

function plannedSteps({ steps }: EntityPlan, collected: ReadonlyMap<string, readonly FieldNode[]>): PlannedStep[] {
  return steps.map((step) => {
    const own = [...collected].filter(([, [first]]) => first !== undefined && step.fields.has(first.name.value));
    const place = { nodes: own.flatMap(([, nodes]) => nodes), keys: own.map(([key]) => key), extras: step.extras };
    return { step, place };
  });
}

function fieldSource(
  entity: EntityInGraph,
  producer: string,
  { steps, origins }: EntityPlan,
  field: GraphQLField<unknown, unknown>,
): FieldSource | undefined {
  const { name } = field;
  const origin = origins.get(name);
  if (origin?.kind === 'UNREACHABLE') {
    const error = unreachable(entity.name, name, origin.source, producer);
    return {
      resolve: () => {
        throw error;
      },
      producer: undefined,
      origin: undefined,
    };
  }
  if (entity.links.has(name)) return { resolve: field.resolve, producer: undefined, origin };
  const source = origin?.kind === 'STEP' ? steps[origin.step]?.route.provider.source : producer;
  const own = source === undefined ? undefined : entity.sides.get(source)?.type.getFields()[name];
  // `__typename` is nobody's.
  return own && { resolve: own.resolve, producer: source, origin };
}

function unreachable(type: string, field: string, source: string, producer: string): WeirError {
  const message = `${source} has ${type}.${field}, and nothing leads there from what ${producer} knows of it.`;
  return new WeirError('NO_HEALTHY_UPSTREAM', message, {
    source,
    reason: 'destination_not_found',
    retryable: false,
  });
}
