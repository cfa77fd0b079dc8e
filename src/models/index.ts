export type * from './accounts.ts';
export { type AccountStore, createAccounts } from './create-accounts.ts';
export type * from './types.ts';
