import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { WeirError } from '../errors/index.ts';
import { type Clock, Emitter } from '../runtime/index.ts';
import { appendAudit } from './audit-store.ts';
import type { Change } from './registry.ts';
import { nodeSqliteDialect } from './sqlite/dialect.ts';
import type { Tables } from './sqlite/tables.ts';
import { whileWorking } from './storage-errors.ts';
import type { RegistryEvent } from './types.ts';
import { WriteQueue } from './write-queue.ts';
import type { Written } from './written.ts';

/** The ways into the database: reading, and writing one after the other, until it is closed. */
export class Transactions {
  readonly events = new Emitter<RegistryEvent>();
  readonly #database: DatabaseSync;
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;
  readonly #writes = new WriteQueue();
  #closing: Promise<void> | undefined;

  /** `database` is open, locked and at the latest version; it is closed here. */
  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#db = new Kysely<Tables>({ dialect: nodeSqliteDialect(database) });
    this.#clock = clock;
  }

  async read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    try {
      return await work(this.#db);
    } catch (error: unknown) {
      throw this.#explain(error);
    }
  }

  /** One transaction with its audit row; then, before the next write begins, its event. */
  write<T>(change: Change, work: (db: Kysely<Tables>, at: number) => Promise<Written<T>>): Promise<T> {
    return this.#inTurn(async () => {
      const done = await this.#db.transaction().execute(async (db) => {
        const at = Math.floor(this.#clock.now());
        const outcome = await work(db, at);
        if (outcome.unchanged !== true) await appendAudit(db, at, outcome.target, change);
        return outcome;
      });
      if (done.event !== undefined) this.events.emit(done.event);
      return done.result;
    });
  }

  /**
   * One transaction of counts, many times a second: without an audit row, and without waiting for the disk. It survives
   * the end of the process, not that of the machine, until the next full write.
   * https://www.sqlite.org/pragma.html#pragma_synchronous
   */
  count(work: (db: Kysely<Tables>) => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      this.#database.exec('PRAGMA synchronous = NORMAL');
      try {
        await this.#db.transaction().execute(work);
      } finally {
        this.#database.exec('PRAGMA synchronous = FULL');
      }
    });
  }

  /** Waits for writes under way. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#writes.idle();
      await this.#db.destroy();
      // Kysely closes only what it has used.
      if (this.#database.isOpen) this.#database.close();
    })();
    return this.#closing;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    return this.#writes.run(async () => {
      try {
        return await work();
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
