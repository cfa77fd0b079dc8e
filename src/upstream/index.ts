export * from './egress/index.ts';
export * from './http/index.ts';
export * from './pool/index.ts';
export * from './types.ts';
