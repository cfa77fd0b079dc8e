import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Random } from '../runtime/index.ts';
import { ENCRYPTION_KEY_BYTES, UnusableEncryptionKey } from './encryption-key.ts';
import { DATABASE_FILE } from './files.ts';
import type { Registry } from './registry.ts';
import { SecretSealer } from './secret-sealer.ts';
import { openDatabaseFile } from './sqlite/database-file.ts';
import { SqliteRegistry } from './sqlite-registry.ts';
import { UnusableDatabase, whileOpening } from './storage-errors.ts';

export interface RegistryOptions {
  /** Made with mode 0700 when it is not there; one that is there keeps its mode. */
  readonly dataDir: string;
  /** 32 bytes, as `loadEncryptionKey` gives them. */
  readonly encryptionKey: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds to wait for another process that has the registry open, such as one shutting down. Default 2 000. */
  readonly lockWaitMs?: number;
}

/**
 * Opens the registry, or makes it. Throws UnusableDatabase (another process has it, newer version, damaged,
 * wrong encryption key) or UnusableEncryptionKey, each with one line for the operator.
 */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { dataDir, encryptionKey, clock, random, lockWaitMs = 2_000 } = options;
  if (encryptionKey.length !== ENCRYPTION_KEY_BYTES) {
    throw new UnusableEncryptionKey(
      `The encryption key must have ${ENCRYPTION_KEY_BYTES} bytes; it has ${encryptionKey.length}.`,
    );
  }
  const path = join(dataDir, DATABASE_FILE);
  const sealer = new SecretSealer(encryptionKey, random);
  const database = openDatabaseFile(path, lockWaitMs, clock.now());
  try {
    checkEncryptionKey(database, sealer, path, clock.now());
    return new SqliteRegistry({ database, path, sealer, clock });
  } catch (error: unknown) {
    database.close();
    throw whileOpening(error, path);
  }
}

const KNOWN_TEXT = 'weir';

/** A new registry takes the key it is given; later ones must be that key. */
function checkEncryptionKey(database: DatabaseSync, sealer: SecretSealer, path: string, now: number): void {
  const rows = database.prepare('SELECT id, nonce, ciphertext FROM encryption_keys').all();
  const place = ['encryption key check', sealer.keyId];
  if (rows.length === 0) {
    const { keyId, nonce, ciphertext } = sealer.seal(KNOWN_TEXT, place);
    database
      .prepare('INSERT INTO encryption_keys (id, nonce, ciphertext, created_at) VALUES (?, ?, ?, ?)')
      .run(keyId, nonce, ciphertext, Math.floor(now));
    return;
  }
  const row = rows.find(({ id }) => id === sealer.keyId);
  if (row?.nonce instanceof Uint8Array && row.ciphertext instanceof Uint8Array) {
    try {
      const text = sealer.open({ keyId: sealer.keyId, nonce: row.nonce, ciphertext: row.ciphertext }, place);
      if (text === KNOWN_TEXT) return;
    } catch {
      // Told below.
    }
  }
  throw new UnusableDatabase(
    'wrong_key',
    `The secrets in ${path} are encrypted under another key; set WEIR_ENCRYPTION_KEY to the one they were stored with.`,
  );
}
