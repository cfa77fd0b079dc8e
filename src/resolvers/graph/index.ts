export { createGraphResolvers } from './create-graph-resolvers.ts';
