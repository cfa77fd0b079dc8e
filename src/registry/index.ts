export { type EncryptionKeyOptions, loadEncryptionKey, UnusableEncryptionKey } from './encryption-key.ts';
export { openRegistry, type RegistryOptions } from './open-registry.ts';
export type * from './registry.ts';
export { UnusableDatabase, type UnusableReason } from './storage-errors.ts';
export type * from './types.ts';
