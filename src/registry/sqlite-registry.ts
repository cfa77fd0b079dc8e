import { stat } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import type { KeyRecord } from '../access/index.ts';
import { WeirError } from '../errors/index.ts';
import { type Clock, Emitter } from '../runtime/index.ts';
import { appendAudit, listAudit } from './audit-store.ts';
import { expectKey, findKey, insertKey, listKeys, markRevoked } from './key-store.ts';
import { deleteLink, findLink, insertLink, listLinks } from './link-store.ts';
import type { Change, Registry } from './registry.ts';
import { packRevision, RevisionStore } from './revision-store.ts';
import { sourceRecord, sourceRow } from './rows.ts';
import type { SecretSealer } from './secret-sealer.ts';
import {
  changedRecord,
  expectSource,
  findSource,
  listLiveSources,
  listSources,
  newSourceRecord,
  nextNumbers,
  putSource,
  removeSource,
} from './source-store.ts';
import { nodeSqliteDialect } from './sqlite/dialect.ts';
import type { Tables } from './sqlite/tables.ts';
import { whileWorking } from './storage-errors.ts';
import type {
  AuditEntry,
  LinkRecord,
  NewRevision,
  NewSource,
  Page,
  RegistryEvent,
  RevisionRecord,
  SourceChange,
  SourceFilter,
  SourceRecord,
} from './types.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqliteRegistryOptions {
  /** Open, locked and at the latest version; the registry closes it. */
  readonly database: DatabaseSync;
  /** Where its file is. */
  readonly path: string;
  readonly sealer: SecretSealer;
  readonly clock: Clock;
}

/** What a write did, before its audit row is put to it. */
interface Written<T> {
  readonly result: T;
  readonly target: string;
  readonly event?: RegistryEvent;
  /** There was nothing to do: no audit row, no event. */
  readonly unchanged?: boolean;
}

/** The registry on one SQLite file. Statements run on the calling thread: a point query takes some ten microseconds. */
export class SqliteRegistry implements Registry {
  readonly #db: Kysely<Tables>;
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #revisions: RevisionStore;
  readonly #events = new Emitter<RegistryEvent>();
  readonly #writes = new WriteQueue();
  #closing: Promise<void> | undefined;

  constructor(options: SqliteRegistryOptions) {
    this.#database = options.database;
    this.#db = new Kysely<Tables>({ dialect: nodeSqliteDialect(options.database) });
    this.#path = options.path;
    this.#clock = options.clock;
    this.#revisions = new RevisionStore(options.sealer);
  }

  get events(): Emitter<RegistryEvent> {
    return this.#events;
  }

  async addSource(source: NewSource, change: Change): Promise<SourceRecord> {
    const packed = await packRevision(source.revision);
    return this.#write(change, async (db, at) => {
      const { name } = source;
      if ((await findSource(db, name)) !== undefined) {
        throw new WeirError('CONFLICT', `There is a source named ${name} already.`);
      }
      const record = asStored(newSourceRecord(source, await nextNumbers(db, name), at));
      await putSource(db, record);
      const place = { source: name, number: record.latestRevision, at, by: change.actor.id };
      await this.#revisions.insert(db, place, packed);
      return written(record, change, record);
    });
  }

  async addRevision(
    name: string,
    expectedVersion: number,
    revision: NewRevision,
    change: Change,
  ): Promise<RevisionRecord> {
    const packed = await packRevision(revision);
    return this.#write(change, async (db, at) => {
      const before = await expectSource(db, name, expectedVersion);
      const number = before.latestRevision + 1;
      const record = asStored({
        ...before,
        latestRevision: number,
        version: before.version + 1,
        updatedAt: new Date(at),
      });
      await putSource(db, record);
      const made = await this.#revisions.insert(db, { source: name, number, at, by: change.actor.id }, packed);
      return written(made, change, record);
    });
  }

  changeSource(name: string, expectedVersion: number, to: SourceChange, change: Change): Promise<SourceRecord> {
    return this.#write(change, async (db, at) => {
      const before = await expectSource(db, name, expectedVersion);
      const record = asStored(changedRecord(before, to, at));
      if (record.liveRevision !== undefined) await this.#revisions.expect(db, name, record.liveRevision);
      await putSource(db, record);
      return written(record, change, record);
    });
  }

  deleteSource(name: string, expectedVersion: number, change: Change): Promise<void> {
    return this.#write(change, async (db) => {
      const source = await expectSource(db, name, expectedVersion);
      if (source.liveRevision !== undefined) {
        throw new WeirError('CONFLICT', `Source ${name} is ${source.state}; retire it before deleting it.`);
      }
      await removeSource(db, source);
      const event = { type: 'source', action: change.action, name, record: undefined } as const;
      return { result: undefined, target: sourceTarget(name), event };
    });
  }

  source(name: string): Promise<SourceRecord | undefined> {
    return this.#read((db) => findSource(db, name));
  }

  sources(filter: SourceFilter, first: number, afterName: string | undefined): Promise<Page<SourceRecord>> {
    return this.#read((db) => listSources(db, filter, first, afterName));
  }

  liveSources(): Promise<readonly SourceRecord[]> {
    return this.#read(listLiveSources);
  }

  revision(name: string, number: number): Promise<RevisionRecord | undefined> {
    return this.#read((db) => this.#revisions.get(db, name, number));
  }

  revisions(name: string): Promise<readonly RevisionRecord[]> {
    return this.#read((db) => this.#revisions.list(db, name));
  }

  addLink(link: Omit<LinkRecord, 'createdAt' | 'createdBy'>, change: Change): Promise<LinkRecord> {
    return this.#write(change, async (db, at) => {
      const made = await insertLink(db, { ...link, createdAt: new Date(at), createdBy: change.actor.id });
      return writtenLink(made, change, link.id);
    });
  }

  removeLink(id: string, change: Change): Promise<void> {
    return this.#write(change, async (db) => writtenLink(await deleteLink(db, id), change, id));
  }

  links(): Promise<readonly LinkRecord[]> {
    return this.#read(listLinks);
  }

  link(id: string): Promise<LinkRecord | undefined> {
    return this.#read((db) => findLink(db, id));
  }

  addKey(key: KeyRecord, change: Change): Promise<void> {
    return this.#write(change, async (db) => {
      await insertKey(db, key);
      return writtenKey(undefined, change, key.id);
    });
  }

  revokeKey(id: string, at: Date, change: Change): Promise<KeyRecord> {
    return this.#write(change, async (db) => {
      const key = await expectKey(db, id);
      if (key.revokedAt !== undefined) return { result: key, target: keyTarget(id), unchanged: true };
      return writtenKey(await markRevoked(db, key, at), change, id);
    });
  }

  keys(): Promise<readonly KeyRecord[]> {
    return this.#read(listKeys);
  }

  key(id: string): Promise<KeyRecord | undefined> {
    return this.#read((db) => findKey(db, id));
  }

  auditLog(first: number, before: number | undefined): Promise<Page<AuditEntry>> {
    return this.#read((db) => listAudit(db, first, before));
  }

  audit(target: string, change: Change): Promise<void> {
    return this.#write(change, async () => ({ result: undefined, target }));
  }

  async isAvailable(): Promise<boolean> {
    try {
      await this.#read((db) => sql`select 1 from sources limit 1`.execute(db));
      // A file that was moved away goes on taking writes that nobody will find again.
      await stat(this.#path);
      return true;
    } catch {
      return false;
    }
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#writes.idle();
      await this.#db.destroy();
      // Kysely closes only what it has used.
      if (this.#database.isOpen) this.#database.close();
    })();
    return this.#closing;
  }

  async #read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    try {
      return await work(this.#db);
    } catch (error: unknown) {
      throw this.#explain(error);
    }
  }

  /** One transaction with its audit row; then, before the next write begins, its event. */
  async #write<T>(change: Change, work: (db: Kysely<Tables>, at: number) => Promise<Written<T>>): Promise<T> {
    this.#refuseWhenClosed();
    return this.#writes.run(async () => {
      try {
        const done = await this.#db.transaction().execute(async (db) => {
          const at = Math.floor(this.#clock.now());
          const outcome = await work(db, at);
          if (outcome.unchanged !== true) await appendAudit(db, at, outcome.target, change);
          return outcome;
        });
        if (done.event !== undefined) this.#events.emit(done.event);
        return done.result;
      } catch (error: unknown) {
        throw this.#explain(error);
      }
    });
  }

  /** A reading that `close` overtook fails in many ways, and means one thing. */
  #explain(error: unknown): unknown {
    return this.#closing === undefined || error instanceof WeirError ? whileWorking(error) : closed(error);
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== undefined) throw closed();
  }
}

const closed = (cause?: unknown): WeirError =>
  new WeirError('STORAGE_UNAVAILABLE', 'The registry is closed.', {}, { cause });

/** As a later reading will give it: sharing nothing with what the caller passed in. */
const asStored = (record: SourceRecord): SourceRecord => sourceRecord(sourceRow(record));

const sourceTarget = (name: string): string => `source:${name}`;
const keyTarget = (id: string): string => `key:${id}`;

function written<T>(result: T, change: Change, record: SourceRecord): Written<T> {
  const event: RegistryEvent = { type: 'source', action: change.action, name: record.name, record };
  return { result, target: sourceTarget(record.name), event };
}

function writtenLink<T>(result: T, change: Change, id: string): Written<T> {
  return { result, target: `link:${id}`, event: { type: 'link', action: change.action, id } };
}

function writtenKey<T>(result: T, change: Change, id: string): Written<T> {
  return { result, target: keyTarget(id), event: { type: 'key', action: change.action, id } };
}
