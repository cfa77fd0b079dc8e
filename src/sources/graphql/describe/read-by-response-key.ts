import type { GraphQLFieldResolver } from 'graphql';

/**
 * The resolver of every field inside the types of GraphQL sources. The upstream has answered the client's own
 * selection, so a value stands under the key that the client gave it: its alias, not the field's name.
 */
export const readByResponseKey: GraphQLFieldResolver<unknown, unknown> = (parent, _args, _context, info) =>
  typeof parent === 'object' && parent !== null
    ? (parent as Readonly<Record<string, unknown>>)[info.path.key]
    : undefined;
