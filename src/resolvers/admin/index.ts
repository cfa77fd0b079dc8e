export { createAdminSchema } from './create-admin-schema.ts';
export * from './lifecycle/index.ts';
export type { AdminServices } from './services.ts';
