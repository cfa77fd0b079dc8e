export type * from './accounts.ts';
export type * from './types.ts';
