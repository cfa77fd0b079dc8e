export * from './admin/index.ts';
export * from './graph/index.ts';
