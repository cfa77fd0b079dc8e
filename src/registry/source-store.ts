import { type Kysely, sql } from 'kysely';
import { WeirError } from '../errors/index.ts';
import { folded, sourceRecord, sourceRow } from './rows.ts';
import type { Tables } from './sqlite/tables.ts';
import type { NewSource, Page, SourceChange, SourceFilter, SourceRecord } from './types.ts';

/** Rows of sources, inside the caller's transaction. */

export async function findSource(db: Kysely<Tables>, name: string): Promise<SourceRecord | undefined> {
  const row = await db.selectFrom('sources').selectAll().where('name', '=', name).executeTakeFirst();
  return row && sourceRecord(row);
}

/** The source, if it is there and still as the caller knew it. */
export async function expectSource(db: Kysely<Tables>, name: string, version: number): Promise<SourceRecord> {
  const source = await findSource(db, name);
  if (source === undefined) throw new WeirError('NOT_FOUND', `There is no source named ${name}.`);
  if (source.version !== version) {
    throw new WeirError(
      'CONFLICT',
      `Source ${name} was changed by somebody else: it is at version ${source.version}, not ${version}.`,
    );
  }
  return source;
}

/** The next revision number and version of a name. They go on where a deleted source of that name left off. */
export async function nextNumbers(
  db: Kysely<Tables>,
  name: string,
): Promise<{ readonly revision: number; readonly version: number }> {
  const row = await db.selectFrom('names').selectAll().where('name', '=', name).executeTakeFirst();
  return { revision: (row?.last_revision ?? 0) + 1, version: (row?.last_version ?? 0) + 1 };
}

/** Writes the row anew and counts its name's numbers up. */
export async function putSource(db: Kysely<Tables>, source: SourceRecord): Promise<void> {
  await countName(db, source.name, source.latestRevision, source.version);
  const { name, ...columns } = sourceRow(source);
  await db
    .insertInto('sources')
    .values({ name, ...columns })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
    .execute();
}

export async function removeSource(db: Kysely<Tables>, source: SourceRecord): Promise<void> {
  await countName(db, source.name, source.latestRevision, source.version + 1);
  await db.deleteFrom('sources').where('name', '=', source.name).execute();
}

async function countName(db: Kysely<Tables>, name: string, revision: number, version: number): Promise<void> {
  const counters = { last_revision: revision, last_version: version };
  await db
    .insertInto('names')
    .values({ name, ...counters })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(counters))
    .execute();
}

export async function listSources(
  db: Kysely<Tables>,
  filter: SourceFilter,
  first: number,
  afterName: string | undefined,
): Promise<Page<SourceRecord>> {
  let matching = db.selectFrom('sources');
  if (filter.states !== undefined) matching = matching.where('state', 'in', filter.states);
  if (filter.kinds !== undefined) matching = matching.where('kind', 'in', filter.kinds);
  if (filter.tag !== undefined) {
    matching = matching.where(
      sql<boolean>`exists (select 1 from json_each(sources.tags_json) where value = ${filter.tag})`,
    );
  }
  if (filter.search !== undefined) {
    matching = matching.where(sql<boolean>`instr(search_text, ${folded(filter.search)}) > 0`);
  }
  const { total } = await matching.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  let page = matching
    .selectAll()
    .orderBy('name')
    .limit(first + 1);
  if (afterName !== undefined) page = page.where('name', '>', afterName);
  const rows = await page.execute();
  return { nodes: rows.slice(0, first).map(sourceRecord), hasNextPage: rows.length > first, totalCount: total };
}

export async function listLiveSources(db: Kysely<Tables>): Promise<readonly SourceRecord[]> {
  const rows = await db
    .selectFrom('sources')
    .selectAll()
    .where('live_revision', 'is not', null)
    .orderBy('name')
    .execute();
  return rows.map(sourceRecord);
}

export function newSourceRecord(
  source: NewSource,
  numbers: { readonly revision: number; readonly version: number },
  at: number,
): SourceRecord {
  const { revision: _definition, ...described } = source;
  return {
    ...described,
    state: 'DRAFT',
    paused: false,
    deprecation: undefined,
    liveRevision: undefined,
    latestRevision: numbers.revision,
    version: numbers.version,
    createdAt: new Date(at),
    updatedAt: new Date(at),
  };
}

/** The record with exactly the fields named in `to` changed. CONFLICT when its state and live revision would not fit. */
export function changedRecord(source: SourceRecord, to: SourceChange, at: number): SourceRecord {
  const changed: SourceRecord = { ...source, ...to, version: source.version + 1, updatedAt: new Date(at) };
  const isLive = changed.state === 'PUBLISHED' || changed.state === 'DEPRECATED';
  if (isLive !== (changed.liveRevision !== undefined)) {
    throw new WeirError(
      'CONFLICT',
      isLive
        ? `Source ${source.name} cannot be ${changed.state} without a live revision.`
        : `Source ${source.name} cannot be ${changed.state} while revision ${changed.liveRevision} is live.`,
    );
  }
  return changed;
}
