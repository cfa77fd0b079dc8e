export type { AdminApi } from './graph/admin-part.ts';
export { linksOf } from './graph/compose-links.ts';
export { diffSchemas, type SchemaChange } from './graph/diff.ts';
export {
  type EntityInGraph,
  type EntityPlan,
  type EntityStep,
  entityChanges,
  entityOf,
  type FieldOrigin,
  hasEntities,
  hasHiddenFields,
  type ParentPart,
} from './graph/entity/index.ts';
export { fieldMark, linkRequirements } from './graph/field-mark.ts';
export { createGraph, type GraphOptions } from './graph/graph.ts';
export { type LinkChange, linkChanges, told } from './graph/link-changes.ts';
export { printInTurns } from './graph/print-schema.ts';
export type * from './graph/request-context.ts';
export { subscriptionField } from './graph/subscription-field.ts';
export type * from './graph/types.ts';
