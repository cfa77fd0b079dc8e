import type { KeyChange, KeyRecord, KeyStore, KeyStoreEvent } from '../../src/access/index.ts';
import { WeirError } from '../../src/errors/index.ts';
import { Emitter } from '../../src/runtime/index.ts';

/** Keys in a map, with the looks and changes counted, and a gate to hold a look open. */
export class MemoryKeyStore implements KeyStore {
  readonly records = new Map<string, KeyRecord>();
  readonly changes: (KeyChange & { readonly id: string })[] = [];
  readonly events = new Emitter<KeyStoreEvent>();
  looks = 0;
  /** Awaited inside `key`, after the record was read. */
  gate: Promise<void> = Promise.resolve();
  failing = false;

  async addKey(key: KeyRecord, change: KeyChange): Promise<void> {
    await this.#io();
    if (this.records.has(key.id)) throw new WeirError('CONFLICT', 'taken');
    this.records.set(key.id, key);
    this.#told(key.id, change);
  }

  async revokeKey(id: string, at: Date, change: KeyChange): Promise<KeyRecord> {
    await this.#io();
    const key = this.records.get(id);
    if (key === undefined) throw new WeirError('NOT_FOUND', 'no such key');
    if (key.revokedAt !== undefined) return key;
    const revoked = { ...key, revokedAt: at };
    this.records.set(id, revoked);
    this.#told(id, change);
    return revoked;
  }

  async keys(): Promise<readonly KeyRecord[]> {
    await this.#io();
    return [...this.records.values()];
  }

  async key(id: string): Promise<KeyRecord | undefined> {
    this.looks++;
    await this.#io();
    const record = this.records.get(id);
    await this.gate;
    return record;
  }

  async #io(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.failing) throw new WeirError('STORAGE_UNAVAILABLE', 'The store is away.');
  }

  #told(id: string, change: KeyChange): void {
    this.changes.push({ ...change, id });
    this.events.emit({ type: 'key', id });
  }
}
