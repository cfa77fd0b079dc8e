export { type Actor, actorOf, systemActor } from './actor.ts';
export type * from './budgets/types.ts';
export * from './caller.ts';
export { ENVIRONMENT_KEY_MIN_LENGTH, UnusableAdminKey } from './environment-key.ts';
export { isValidAt, type KeyRecord } from './key-record.ts';
export type { KeyChange, KeyStore, KeyStoreEvent } from './key-store.ts';
export { createKeyring, type IssuedKey, type KeyRequest, type Keyring, type KeyringOptions } from './keyring.ts';
export { KEY_HEADER, type RequestHeaders } from './presented-key.ts';
