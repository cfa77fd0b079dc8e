export type * from './accounts.ts';
export type * from './anthropic-types.ts';
export { knowsModel } from './catalogue/describe.ts';
export { type AccountStore, createAccounts } from './create-accounts.ts';
export { createModels, type ModelsOptions } from './create-models.ts';
export type * from './types.ts';
