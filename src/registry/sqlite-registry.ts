import { stat } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { KeyRecord } from '../access/index.ts';
import { WeirError } from '../errors/index.ts';
import type { Clock, Events } from '../runtime/index.ts';
import { listAudit } from './audit-store.ts';
import {
  deleteBudget,
  expectBudgetSubject,
  listBudgets,
  listSpending,
  putBudget,
  putSpending,
} from './budget-store.ts';
import { expectKey, findKey, insertKey, listKeys, markRevoked } from './key-store.ts';
import { deleteLink, findLink, insertLink, listLinks } from './link-store.ts';
import { ProviderStore } from './provider-store.ts';
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
import { Transactions } from './transactions.ts';
import type {
  AuditEntry,
  BudgetLimits,
  BudgetRecord,
  BudgetSubject,
  LinkRecord,
  NewProvider,
  NewRevision,
  NewSource,
  Page,
  ProviderRecord,
  RegistryEvent,
  RevisionRecord,
  SourceChange,
  SourceFilter,
  SourceRecord,
  SpendingRecord,
} from './types.ts';
import {
  keyTarget,
  sourceTarget,
  writtenBudget,
  writtenKey,
  writtenLink,
  writtenProvider,
  writtenSource,
} from './written.ts';

export interface SqliteRegistryOptions {
  /** Open, locked and at the latest version; the registry closes it. */
  readonly database: DatabaseSync;
  /** Where its file is. */
  readonly path: string;
  readonly sealer: SecretSealer;
  readonly clock: Clock;
}

/** The registry on one SQLite file. Statements run on the calling thread: a point query takes some ten microseconds. */
export class SqliteRegistry implements Registry {
  readonly #transactions: Transactions;
  readonly #path: string;
  readonly #revisions: RevisionStore;
  readonly #providers: ProviderStore;

  constructor(options: SqliteRegistryOptions) {
    this.#transactions = new Transactions(options.database, options.clock);
    this.#path = options.path;
    this.#revisions = new RevisionStore(options.sealer);
    this.#providers = new ProviderStore(options.sealer);
  }

  get events(): Events<RegistryEvent> {
    return this.#transactions.events;
  }

  async addSource(source: NewSource, change: Change): Promise<SourceRecord> {
    const packed = await packRevision(source.revision);
    return this.#transactions.write(change, async (db, at) => {
      const { name } = source;
      if ((await findSource(db, name)) !== undefined) {
        throw new WeirError('CONFLICT', `There is a source named ${name} already.`);
      }
      const record = asStored(newSourceRecord(source, await nextNumbers(db, name), at));
      await putSource(db, record);
      const place = { source: name, number: record.latestRevision, at, by: change.actor.id };
      await this.#revisions.insert(db, place, packed);
      return writtenSource(record, change, record);
    });
  }

  async addRevision(
    name: string,
    expectedVersion: number,
    revision: NewRevision,
    change: Change,
  ): Promise<RevisionRecord> {
    const packed = await packRevision(revision);
    return this.#transactions.write(change, async (db, at) => {
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
      return writtenSource(made, change, record);
    });
  }

  changeSource(name: string, expectedVersion: number, to: SourceChange, change: Change): Promise<SourceRecord> {
    return this.#transactions.write(change, async (db, at) => {
      const before = await expectSource(db, name, expectedVersion);
      const record = asStored(changedRecord(before, to, at));
      if (record.liveRevision !== undefined) await this.#revisions.expect(db, name, record.liveRevision);
      await putSource(db, record);
      return writtenSource(record, change, record);
    });
  }

  deleteSource(name: string, expectedVersion: number, change: Change): Promise<void> {
    return this.#transactions.write(change, async (db) => {
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
    return this.#transactions.read((db) => findSource(db, name));
  }

  sources(filter: SourceFilter, first: number, afterName: string | undefined): Promise<Page<SourceRecord>> {
    return this.#transactions.read((db) => listSources(db, filter, first, afterName));
  }

  liveSources(): Promise<readonly SourceRecord[]> {
    return this.#transactions.read(listLiveSources);
  }

  revision(name: string, number: number): Promise<RevisionRecord | undefined> {
    return this.#transactions.read((db) => this.#revisions.get(db, name, number));
  }

  revisions(name: string): Promise<readonly RevisionRecord[]> {
    return this.#transactions.read((db) => this.#revisions.list(db, name));
  }

  addLink(link: Omit<LinkRecord, 'createdAt' | 'createdBy'>, change: Change): Promise<LinkRecord> {
    return this.#transactions.write(change, async (db, at) => {
      const made = await insertLink(db, { ...link, createdAt: new Date(at), createdBy: change.actor.id });
      return writtenLink(made, change, link.id);
    });
  }

  removeLink(id: string, change: Change): Promise<void> {
    return this.#transactions.write(change, async (db) => writtenLink(await deleteLink(db, id), change, id));
  }

  links(): Promise<readonly LinkRecord[]> {
    return this.#transactions.read(listLinks);
  }

  link(id: string): Promise<LinkRecord | undefined> {
    return this.#transactions.read((db) => findLink(db, id));
  }

  addKey(key: KeyRecord, change: Change): Promise<void> {
    return this.#transactions.write(change, async (db) => {
      await insertKey(db, key);
      return writtenKey(undefined, change, key.id);
    });
  }

  revokeKey(id: string, at: Date, change: Change): Promise<KeyRecord> {
    return this.#transactions.write(change, async (db) => {
      const key = await expectKey(db, id);
      if (key.revokedAt !== undefined) return { result: key, target: keyTarget(id), unchanged: true };
      return writtenKey(await markRevoked(db, key, at), change, id);
    });
  }

  keys(): Promise<readonly KeyRecord[]> {
    return this.#transactions.read(listKeys);
  }

  key(id: string): Promise<KeyRecord | undefined> {
    return this.#transactions.read((db) => findKey(db, id));
  }

  setProvider(provider: NewProvider, expectedVersion: number | undefined, change: Change): Promise<ProviderRecord> {
    return this.#transactions.write(change, async (db, at) => {
      const record = await this.#providers.put(db, provider, expectedVersion, at);
      return writtenProvider(record, change, provider.name, record);
    });
  }

  removeProvider(name: string, change: Change): Promise<void> {
    return this.#transactions.write(change, async (db) =>
      writtenProvider(await this.#providers.remove(db, name), change, name, undefined),
    );
  }

  providers(): Promise<readonly ProviderRecord[]> {
    return this.#transactions.read((db) => this.#providers.list(db));
  }

  provider(name: string): Promise<ProviderRecord | undefined> {
    return this.#transactions.read((db) => this.#providers.find(db, name));
  }

  setBudget(subject: BudgetSubject, limits: BudgetLimits, change: Change): Promise<BudgetRecord> {
    return this.#transactions.write(change, async (db, at) => {
      await expectBudgetSubject(db, subject);
      const record = await putBudget(db, subject, limits, at);
      return writtenBudget(record, change, subject, record);
    });
  }

  removeBudget(subject: BudgetSubject, change: Change): Promise<void> {
    return this.#transactions.write(change, async (db) =>
      writtenBudget(await deleteBudget(db, subject), change, subject, undefined),
    );
  }

  budgets(): Promise<readonly BudgetRecord[]> {
    return this.#transactions.read(listBudgets);
  }

  spending(): Promise<readonly SpendingRecord[]> {
    return this.#transactions.read(listSpending);
  }

  saveSpending(records: readonly SpendingRecord[]): Promise<void> {
    return this.#transactions.count((db) => putSpending(db, records));
  }

  auditLog(first: number, before: number | undefined): Promise<Page<AuditEntry>> {
    return this.#transactions.read((db) => listAudit(db, first, before));
  }

  audit(target: string, change: Change): Promise<void> {
    return this.#transactions.write(change, async () => ({ result: undefined, target }));
  }

  async isAvailable(): Promise<boolean> {
    try {
      await this.#transactions.read((db) => sql`select 1 from sources limit 1`.execute(db));
      // A file that was moved away goes on taking writes that nobody will find again.
      await stat(this.#path);
      return true;
    } catch {
      return false;
    }
  }

  close(): Promise<void> {
    return this.#transactions.close();
  }
}

/** As a later reading will give it: sharing nothing with what the caller passed in. */
const asStored = (record: SourceRecord): SourceRecord => sourceRecord(sourceRow(record));
