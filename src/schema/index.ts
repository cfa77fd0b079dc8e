export type { AdminApi } from './graph/admin-part.ts';
export { linksOf } from './graph/compose-links.ts';
export { diffSchemas, type SchemaChange } from './graph/diff.ts';
export { fieldMark, linkRequirements } from './graph/field-mark.ts';
export { createGraph, type GraphOptions } from './graph/graph.ts';
export { type LinkChange, linkChanges, told } from './graph/link-changes.ts';
export { printInTurns } from './graph/print-schema.ts';
export type * from './graph/request-context.ts';
export type * from './graph/types.ts';
