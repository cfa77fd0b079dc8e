import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { RevisionRecord, SourceRecord } from '../../registry/index.ts';
import {
  Drift,
  Link,
  Operation,
  OperationFilter,
  Revision,
  SchemaDrift,
  Source,
  SourceHealth,
} from '../../schema/admin/index.ts';
import { subscriptionField } from '../../schema/index.ts';
import { layPolicy, type OperationDescription, type Policy, type SourceDescription } from '../../sources/index.ts';
import type { ShownLink } from './lifecycle/index.ts';
import { readFirst } from './paging.ts';
import { classifiedDrift } from './schema-drift.ts';
import type { AdminServices } from './services.ts';

/** `Operation` in the API. */
interface ShownOperation {
  readonly name: string;
  readonly field: string;
  readonly kind: 'QUERY' | 'MUTATION' | 'SUBSCRIPTION';
  readonly idempotent: boolean;
  readonly cacheable: boolean;
  readonly deprecated: string | undefined;
  readonly policy: Policy | undefined;
}

type ShownRevision = RevisionRecord & { readonly live: boolean };

/** The fields of a source that its row does not hold. The row itself is what the other fields are read from. */
@Resolver(() => Source)
export class SourceFields {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @FieldResolver(() => Revision, { nullable: true, description: 'The revision in the graph; null when none is.' })
  async live(@Root() source: SourceRecord): Promise<ShownRevision | undefined> {
    if (source.liveRevision === undefined) return undefined;
    const revision = await this.#services.registry.revision(source.name, source.liveRevision);
    return revision === undefined ? undefined : { ...revision, live: true };
  }

  @FieldResolver(() => [Revision], { description: 'Its revisions, newest first.' })
  async revisions(
    @Root() source: SourceRecord,
    @Arg('first', () => Int, { defaultValue: 20, description: 'At most this many, 1 to 200.' }) first: number,
  ): Promise<readonly ShownRevision[]> {
    const count = readFirst(first);
    const revisions = await this.#services.registry.revisions(source.name);
    return revisions
      .slice(0, count)
      .map((revision) => ({ ...revision, live: revision.number === source.liveRevision }));
  }

  @FieldResolver(() => [Operation], {
    description: 'What it can do: the operations of its live revision, or of its latest while none is live.',
  })
  async operations(
    @Root() source: SourceRecord,
    @Arg('first', () => Int, { defaultValue: 500, description: 'At most this many, 1 to 2000.' }) first: number,
    @Arg('filter', () => OperationFilter, { nullable: true, description: 'Which ones; all when left out.' })
    filter: OperationFilter | null | undefined,
  ): Promise<readonly ShownOperation[]> {
    const count = readFirst(first, 2000);
    const description = await this.#services.lifecycle.describe(source);
    return [...description.operations.values()]
      .filter(({ hidden }) => hidden === undefined)
      .map((operation) => shown(operation, description, source))
      .filter((operation) => matches(operation, filter))
      .slice(0, count);
  }

  @FieldResolver(() => [Link], {
    description: 'Fields of its types that operations of other sources, or its own, answer.',
  })
  links(@Root() source: SourceRecord): Promise<readonly ShownLink[]> {
    return this.#services.lifecycle.links(source);
  }

  @FieldResolver(() => SourceHealth, {
    description: "How its upstream is doing, as this process' traffic and probes found.",
  })
  health(@Root() source: SourceRecord): unknown {
    const { upstream, problem } = this.#services.lifecycle.health(source);
    if (upstream === undefined) return { state: 'UNKNOWN', since: undefined, problem, endpoints: [] };
    return { ...upstream, since: new Date(upstream.since), problem };
  }

  @FieldResolver(() => [Drift], {
    description:
      'Where its answers were not what its definition says, most frequent first, since its live revision was connected ' +
      'in this process. At most 500 places are remembered.',
  })
  drift(
    @Root() source: SourceRecord,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most this many, 1 to 500.' }) first: number,
  ): readonly Drift[] {
    const count = readFirst(first, 500);
    return this.#services.lifecycle
      .drift(source)
      .slice(0, count)
      .map(({ place, lastSeenAt, ...rest }) => ({ ...rest, path: place, lastAt: new Date(lastSeenAt) }));
  }

  @FieldResolver(() => SchemaDrift, {
    nullable: true,
    description:
      'How the schema that its upstream tells now differs from its live revision; null when it does not, or is not looked at (`pollSeconds`).',
  })
  schemaDrift(@Root() source: SourceRecord): Promise<SchemaDrift | undefined> {
    return classifiedDrift(this.#services.lifecycle.schemaDrift(source));
  }
}

function shown(operation: OperationDescription, description: SourceDescription, source: SourceRecord): ShownOperation {
  const stored = source.operationPolicies[operation.name];
  return {
    name: operation.name,
    field: placeInGraph(operation, description.namespace),
    kind: KINDS[operation.kind],
    idempotent: operation.idempotent,
    cacheable: operation.cacheable,
    deprecated: operation.deprecated,
    policy: operation.policy === undefined ? stored : layPolicy(operation.policy, stored),
  };
}

const KINDS = { query: 'QUERY', mutation: 'MUTATION', subscription: 'SUBSCRIPTION' } as const;

function placeInGraph({ kind, field }: OperationDescription, namespace: string): string {
  if (kind === 'subscription') return `Subscription.${subscriptionField(namespace, field)}`;
  const root = kind === 'query' ? 'Query' : 'Mutation';
  return namespace === '' ? `${root}.${field}` : `${root}.${namespace}.${field}`;
}

function matches(operation: ShownOperation, filter: OperationFilter | null | undefined): boolean {
  if (filter?.kind && filter.kind !== operation.kind) return false;
  const wanted = filter?.search?.toLowerCase();
  return !wanted || `${operation.name}\n${operation.field}`.toLowerCase().includes(wanted);
}
