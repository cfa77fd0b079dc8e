/** Times are RFC 3339 with an offset (`2026-01-31T12:00:00Z`); JSON is any value at all. */
export { GraphQLDateTime as DateTime, GraphQLJSON as Json } from 'graphql-scalars';
