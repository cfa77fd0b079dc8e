export type { AdminApi } from './graph/admin-part.ts';
export { diffSchemas, type SchemaChange } from './graph/diff.ts';
export { fieldMark } from './graph/field-mark.ts';
export { createGraph, type GraphOptions } from './graph/graph.ts';
export type * from './graph/request-context.ts';
export type * from './graph/types.ts';
