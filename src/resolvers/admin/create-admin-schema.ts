import type { GraphQLSchema } from 'graphql';
import { buildSchema, type ClassType, type NonEmptyArray } from 'type-graphql';
import { AuditQueries } from './audit-queries.ts';
import { BudgetResolvers } from './budget-resolvers.ts';
import { CacheMutations } from './cache-mutations.ts';
import { CallerQuery } from './caller-query.ts';
import { GraphQueries } from './graph-queries.ts';
import { KeyResolvers } from './key-resolvers.ts';
import { LifecycleMutations } from './lifecycle-mutations.ts';
import { LinkResolvers } from './link-resolvers.ts';
import { ModelQueries } from './model-queries.ts';
import { PromptResolvers } from './prompt-resolvers.ts';
import { ProviderResolvers } from './provider-resolvers.ts';
import { closeToOthers } from './require-admin.ts';
import type { AdminServices } from './services.ts';
import { SourceFields } from './source-fields.ts';
import { SourceMutations } from './source-mutations.ts';
import { SourceQueries } from './source-queries.ts';

/**
 * The admin API as a schema of its own; its context is a RequestContext.
 * Every root field but `me` refuses callers who are not admins. May be called more than once in a process.
 */
export async function createAdminSchema(services: AdminServices): Promise<GraphQLSchema> {
  const rootFields = new Set<string>();
  const instances = new Map<unknown, object>([
    [SourceQueries, new SourceQueries(services)],
    [SourceFields, new SourceFields(services)],
    [GraphQueries, new GraphQueries(services)],
    [AuditQueries, new AuditQueries(services)],
    [KeyResolvers, new KeyResolvers(services)],
    [CallerQuery, new CallerQuery()],
    [SourceMutations, new SourceMutations(services, rootFields)],
    [LifecycleMutations, new LifecycleMutations(services)],
    [LinkResolvers, new LinkResolvers(services)],
    [CacheMutations, new CacheMutations(services)],
    [PromptResolvers, new PromptResolvers(services, rootFields)],
    [ProviderResolvers, new ProviderResolvers(services)],
    [ModelQueries, new ModelQueries(services)],
    [BudgetResolvers, new BudgetResolvers(services)],
  ]);
  const schema = await buildSchema({
    resolvers: [...instances.keys()] as NonEmptyArray<ClassType>,
    container: { get: (resolver) => instances.get(resolver) },
    // Inputs are checked by src/resolvers/admin/input, which names every problem with its place.
    validate: false,
  });
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.keys(root?.getFields() ?? {})) rootFields.add(field);
  }
  return closeToOthers(schema);
}
