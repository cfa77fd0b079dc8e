import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { nodeSqliteDialect } from '../../src/registry/sqlite/dialect.ts';

interface Things {
  things: { id: number; value: string | number | bigint | Uint8Array | null };
}

describe('Kysely over node:sqlite', () => {
  let database: DatabaseSync;
  let db: Kysely<Things>;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE things (id INTEGER PRIMARY KEY, value ANY) STRICT');
    db = new Kysely<Things>({ dialect: nodeSqliteDialect(database) });
  });
  afterEach(async () => {
    await db.destroy();
    if (database.isOpen) database.close();
  });

  const count = (): unknown => database.prepare('SELECT count(*) AS n FROM things').get()?.n;

  test.each([
    ['null', null],
    ['text with a zero in it', 'a\u0000b \u{1f415}'],
    ['a fraction', 1.5],
    ['a negative number', -3],
    ['bytes', new Uint8Array([0, 255])],
    ['no bytes', new Uint8Array(0)],
  ])('gives %s back as it was', async (_, value) => {
    const inserted = await db.insertInto('things').values({ id: 1, value }).executeTakeFirstOrThrow();
    expect(inserted.numInsertedOrUpdatedRows).toBe(1n);
    expect((await db.selectFrom('things').selectAll().executeTakeFirstOrThrow()).value).toEqual(value);
  });

  test.each([[true], [undefined], [{}], [new Date(0)]])('refuses to bind %p', async (value) => {
    await expect(sql`insert into things values (1, ${value})`.execute(db)).rejects.toThrow('SQLite takes');
  });

  test('commits what succeeds and rolls back what throws', async () => {
    await db.transaction().execute((trx) => trx.insertInto('things').values({ id: 1, value: 1 }).execute());
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('things').values({ id: 2, value: 2 }).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(count()).toBe(1);
  });

  test('tells the first error when SQLite has rolled back by itself, and goes on', async () => {
    await db.insertInto('things').values({ id: 1, value: 1 }).execute();
    const failing = db.transaction().execute((trx) => sql`insert or rollback into things values (1, 2)`.execute(trx));
    await expect(failing).rejects.toThrow('UNIQUE constraint failed');
    await db.transaction().execute((trx) => trx.insertInto('things').values({ id: 2, value: 2 }).execute());
    expect(count()).toBe(2);
  });

  test('a transaction left open by a failed rollback does not become part of the next', async () => {
    await db.insertInto('things').values({ id: 1, value: 1 }).execute();
    database.exec('BEGIN; INSERT INTO things VALUES (2, 2)');
    await db.transaction().execute((trx) => trx.insertInto('things').values({ id: 3, value: 3 }).execute());
    expect(database.prepare('SELECT id FROM things').all()).toEqual([{ id: 1 }, { id: 3 }]);
  });

  test('transactions and readings outside of them do not see halves of each other', async () => {
    const writing = db.transaction().execute(async (trx) => {
      await trx.insertInto('things').values({ id: 1, value: 1 }).execute();
      await new Promise((resolve) => setImmediate(resolve));
      await trx.insertInto('things').values({ id: 2, value: 2 }).execute();
    });
    const reading = db.selectFrom('things').selectAll().execute();
    await writing;
    expect([0, 2]).toContain((await reading).length);
  });
});
