export * from './pool.ts';
export * from './types.ts';
