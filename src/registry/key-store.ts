import type { Kysely } from 'kysely';
import type { KeyRecord } from '../access/index.ts';
import { WeirError } from '../errors/index.ts';
import { keyRecord, keyRow } from './rows.ts';
import type { Tables } from './sqlite/tables.ts';

/** Rows of keys, inside the caller's transaction. */

export async function findKey(db: Kysely<Tables>, id: string): Promise<KeyRecord | undefined> {
  const row = await db.selectFrom('keys').selectAll().where('id', '=', id).executeTakeFirst();
  return row && keyRecord(row);
}

/** Oldest first. */
export async function listKeys(db: Kysely<Tables>): Promise<readonly KeyRecord[]> {
  const rows = await db.selectFrom('keys').selectAll().orderBy('created_at').orderBy('id').execute();
  return rows.map(keyRecord);
}

export async function insertKey(db: Kysely<Tables>, key: KeyRecord): Promise<void> {
  if ((await findKey(db, key.id)) !== undefined) {
    throw new WeirError('CONFLICT', `There is a key with the id ${key.id} already.`);
  }
  await db.insertInto('keys').values(keyRow(key)).execute();
}

export async function expectKey(db: Kysely<Tables>, id: string): Promise<KeyRecord> {
  const key = await findKey(db, id);
  if (key === undefined) throw new WeirError('NOT_FOUND', `There is no key with the id ${id}.`);
  return key;
}

export async function markRevoked(db: Kysely<Tables>, key: KeyRecord, at: Date): Promise<KeyRecord> {
  await db.updateTable('keys').set({ revoked_at: at.getTime() }).where('id', '=', key.id).execute();
  return { ...key, revokedAt: at };
}
