import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { isAdmin } from '../../access/index.ts';
import { WeirError } from '../../errors/index.ts';
import type { RequestContext } from '../../schema/index.ts';

/** Root fields that are not only for admins. Every other one is closed, those added later too. */
const OPEN: ReadonlySet<string> = new Set(['Query.me']);

/**
 * Puts a guard before every root field. Callers without an admin's rights do not even see these fields;
 * this holds should a view ever be wrong.
 */
export function closeToOthers(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    if (!root) continue;
    for (const field of Object.values(root.getFields())) {
      if (OPEN.has(`${root.name}.${field.name}`) || !field.resolve) continue;
      field.resolve = guarded(field.resolve as GraphQLFieldResolver<unknown, RequestContext>, field.name);
    }
  }
  return schema;
}

function guarded(
  resolve: GraphQLFieldResolver<unknown, RequestContext>,
  field: string,
): GraphQLFieldResolver<unknown, RequestContext> {
  return (root, args, context, info) => {
    const { caller } = context;
    if (caller.kind === 'anonymous')
      throw new WeirError('UNAUTHENTICATED', `${field} needs the key of an admin; none came.`);
    if (!isAdmin(caller)) {
      throw new WeirError('FORBIDDEN', `${field} needs the key of an admin; ${caller.name} is a ${caller.role}.`);
    }
    return resolve(root, args, context, info);
  };
}
