import type { DatabaseSync } from 'node:sqlite';
import { firstTables } from './migration-001-first-tables.ts';
import { links } from './migration-002-links.ts';
import { providersAndBudgets } from './migration-003-providers-and-budgets.ts';

/** One step of the database's form. A step that has been released is never edited; a change is a new step. */
export interface Migration {
  /** 1 for the first, then one more each; stands in `PRAGMA user_version`. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [firstTables, links, providersAndBudgets];

/** Marks a database file as Weir's registry: `WEIR` in ASCII. */
export const APPLICATION_ID = 0x57454952;

/** The version this program writes. */
export const LATEST_VERSION = MIGRATIONS.length;

/** Takes the database to the latest version, each step a transaction of its own: a step is done or it is not. */
export function migrate(database: DatabaseSync, from: number, now: number): void {
  for (const migration of MIGRATIONS.filter((m) => m.version > from)) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(migration.sql);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migration.version}`);
      database
        .prepare('INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)')
        .run(migration.version, migration.name, Math.floor(now));
      database.exec('COMMIT');
    } catch (error: unknown) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}
