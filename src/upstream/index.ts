export * from './pool/index.ts';
export * from './types.ts';
