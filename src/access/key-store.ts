import type { Events } from '../runtime/index.ts';
import type { Actor } from './actor.ts';
import type { KeyRecord } from './key-record.ts';

/** What a keyring needs of the place where keys are kept. The registry has this shape. */
export interface KeyStore {
  /** CONFLICT when the id is taken. */
  addKey(key: KeyRecord, change: KeyChange): Promise<void>;
  /** NOT_FOUND when there is no such key; a key that is revoked already is returned as it is. */
  revokeKey(id: string, at: Date, change: KeyChange): Promise<KeyRecord>;
  keys(): Promise<readonly KeyRecord[]>;
  key(id: string): Promise<KeyRecord | undefined>;
  /** Must tell every change of a key, after it is stored and before the change is acknowledged. */
  readonly events: Events<KeyStoreEvent>;
}

/** What is done, by whom, for the audit log. */
export interface KeyChange {
  readonly actor: Actor;
  readonly action: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Of all the store's events only those of keys matter here. */
export type KeyStoreEvent =
  | { readonly type: 'key'; readonly id: string }
  | { readonly type: 'source' | 'link' | 'provider' | 'budget' };
