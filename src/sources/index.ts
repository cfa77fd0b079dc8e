export { Secret } from '../runtime/index.ts';
export * from './batch/index.ts';
export { cursorKeyFrom } from './cursor-key.ts';
export { readByResponseKey } from './graphql/describe/read-by-response-key.ts';
export * from './link/index.ts';
export type * from './outcome.ts';
export * from './policy.ts';
export { scalarNamed } from './rest/mapping/scalars.ts';
export type * from './source.ts';
