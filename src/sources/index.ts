export type * from './outcome.ts';
export * from './policy.ts';
export { Secret } from './secret.ts';
export type * from './source.ts';
