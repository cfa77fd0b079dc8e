export type * from './graph/request-context.ts';
export type * from './graph/types.ts';
