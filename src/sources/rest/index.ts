export { DriftError, RequestRefused, type RestConnection } from './call/index.ts';
export type * from './definition.ts';
export { restKind } from './kind.ts';
