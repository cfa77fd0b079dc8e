export type * from './checked-entity.ts';
export type * from './entity.ts';
