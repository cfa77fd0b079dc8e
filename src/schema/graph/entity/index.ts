export { loosened } from './combine-types.ts';
export { type EntityGap, entityConflicts, entityGaps, ownEntityProblems } from './conflicts.ts';
export { entityChanges } from './entity-changes.ts';
export {
  EntityInGraph,
  type EntityLink,
  type EntitySide,
  entityExtensions,
  entityOf,
  gapKey,
  hasEntities,
  hasHiddenFields,
} from './entity-in-graph.ts';
export { findEntities } from './find-entities.ts';
export { addedToInterface } from './interface-objects.ts';
export { mergeFields } from './merge-fields.ts';
export { overrideConflicts } from './overrides.ts';
export type { EntityPlan, EntityStep, FieldOrigin, ParentPart } from './plan-fields.ts';
