export type * from './targets/types.ts';
