export type * from './definition.ts';
export { graphqlKind } from './kind.ts';
