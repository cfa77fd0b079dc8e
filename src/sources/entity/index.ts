export { type CheckedEntities, checkEntities } from './check-entity.ts';
export type * from './checked-entity.ts';
export type * from './entity.ts';
export { isCalled } from './override.ts';
