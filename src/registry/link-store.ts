import type { Kysely } from 'kysely';
import { WeirError } from '../errors/index.ts';
import { linkRecord, linkRow } from './rows.ts';
import { findSource } from './source-store.ts';
import type { Tables } from './sqlite/tables.ts';
import type { LinkRecord } from './types.ts';

/** Rows of links, inside the caller's transaction. */

export async function findLink(db: Kysely<Tables>, id: string): Promise<LinkRecord | undefined> {
  const row = await db.selectFrom('links').selectAll().where('id', '=', id).executeTakeFirst();
  return row && linkRecord(row);
}

/** By source, then oldest first. */
export async function listLinks(db: Kysely<Tables>): Promise<readonly LinkRecord[]> {
  const rows = await db.selectFrom('links').selectAll().orderBy('source').orderBy('created_at').orderBy('id').execute();
  return rows.map(linkRecord);
}

export async function insertLink(db: Kysely<Tables>, link: LinkRecord): Promise<LinkRecord> {
  const { id, source, type, field } = link;
  if ((await findSource(db, source)) === undefined) {
    throw new WeirError('NOT_FOUND', `There is no source named ${source}.`);
  }
  const taken = await db
    .selectFrom('links')
    .select('id')
    .where((is) => is.or([is('id', '=', id), is.and({ source, type, field })]))
    .executeTakeFirst();
  if (taken !== undefined) {
    throw new WeirError('CONFLICT', `There is a link ${type}.${field} of source ${source} already: ${taken.id}.`);
  }
  const row = linkRow(link);
  await db.insertInto('links').values(row).execute();
  return linkRecord(row);
}

export async function deleteLink(db: Kysely<Tables>, id: string): Promise<void> {
  if ((await findLink(db, id)) === undefined) throw new WeirError('NOT_FOUND', `There is no link with the id ${id}.`);
  await db.deleteFrom('links').where('id', '=', id).execute();
}
