import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../make-folder.ts';
import { damaged, UnusableDatabase, whileOpening } from '../storage-errors.ts';
import { APPLICATION_ID, LATEST_VERSION, migrate } from './migrations.ts';

/**
 * Opens the registry's database, makes it when it is not there, and takes it to the latest version.
 * Throws UnusableDatabase, having changed nothing, when it cannot be used.
 *
 * Exactly one process has it open: `locking_mode = EXCLUSIVE` holds the operating system's lock on the file until
 * `close`, and the kernel drops it with the process, however that ends. So there is no lock file to go stale, and
 * what is remembered of the database in memory cannot be outdated by somebody else.
 */
export function openDatabaseFile(path: string, lockWaitMs: number, now: number): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    makeFile(path);
    database = new DatabaseSync(path, {
      timeout: lockWaitMs,
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
      defensive: true,
    });
    const version = lockAndCheck(database, path);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216');
    migrate(database, version, now);
    return database;
  } catch (error: unknown) {
    database?.close();
    throw whileOpening(error, path);
  }
}

/** Readable by its owner alone; SQLite gives the same mode to the files it puts beside it. */
function makeFile(path: string): void {
  const folder = dirname(path);
  makeFolder(folder);
  closeSync(openSync(path, constants.O_CREAT | constants.O_RDWR, 0o600));
  // The file's own name must survive a power cut too.
  const handle = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Returns the version of the tables; 0 for an empty database. */
function lockAndCheck(database: DatabaseSync, path: string): number {
  // Schema text in a tampered file must not call functions with side effects: https://www.sqlite.org/security.html
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
  // Two that start at once on a new file: one gets the lock here, the other waits, and then is told.
  database.exec('BEGIN EXCLUSIVE');
  const version = pragmaNumber(database, 'user_version');
  const applicationId = pragmaNumber(database, 'application_id');
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get()?.n;
  database.exec('COMMIT');
  if (applicationId !== APPLICATION_ID && tables !== 0) {
    throw new UnusableDatabase('foreign', `${path} is a database, but not a registry of Weir's; move it away.`);
  }
  if (version > LATEST_VERSION) {
    throw new UnusableDatabase(
      'newer',
      `The registry ${path} has version ${version}, and this Weir knows up to ${LATEST_VERSION}; use a newer Weir.`,
    );
  }
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (verdict !== 'ok') throw damaged(path, String(verdict));
  return version;
}

function pragmaNumber(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
