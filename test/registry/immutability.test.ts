import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret } from '../../src/sources/index.ts';
import { change, newLink, newProvider, newRevision, newSource, temporaryRegistry } from './fixtures.ts';

describe('the database itself refuses to rewrite history', () => {
  const temporary = temporaryRegistry();
  let database: DatabaseSync;

  beforeAll(async () => {
    const registry = await temporary.open();
    const revision = newRevision({ definition: { token: new Secret('abc') } });
    await registry.addSource(newSource('petstore', { revision }), change('registerSource'));
    const hash = new Uint8Array(32);
    const key = { id: 'k1', name: 'k', role: 'ADMIN', hash, createdAt: new Date(1), createdBy: 'x' } as const;
    await registry.addKey({ ...key, expiresAt: undefined, revokedAt: undefined }, change('createKey'));
    await registry.revokeKey('k1', new Date(2), change('revokeKey'));
    await registry.addLink(newLink('l1'), change('addLink'));
    await registry.setProvider(newProvider('acme'), undefined, change('setProvider'));
    await registry.close();
    database = new DatabaseSync(join(temporary.dataDir, 'registry.db'), { enableForeignKeyConstraints: true });
  });
  afterAll(() => {
    database.close();
    temporary.remove();
  });

  test.each([
    ["UPDATE revisions SET note = 'x'", 'a revision never changes'],
    ['UPDATE revisions SET definition = sdl', 'a revision never changes'],
    ["INSERT OR REPLACE INTO revisions SELECT * FROM revisions WHERE source = 'petstore'", 'never replaced'],
    ['DELETE FROM revisions', 'goes only with its source'],
    ["UPDATE secrets SET path = '/elsewhere'", 'stays in its place'],
    ["UPDATE audit SET action = 'x'", 'only added to'],
    ['DELETE FROM audit WHERE id = 1', 'only added to'],
    ['DELETE FROM audit', 'only added to'],
    ['INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 1', 'only added to'],
    ["UPDATE links SET target = 'x'", 'a link never changes'],
    ["UPDATE keys SET role = 'CONSUMER'", 'a key never changes'],
    ['UPDATE keys SET hash = randomblob(32)', 'a key never changes'],
    ['UPDATE keys SET revoked_at = NULL', 'stays revoked'],
    ['UPDATE sources SET live_revision = 1', 'CHECK constraint failed'],
    ["UPDATE sources SET live_revision = 9, state = 'PUBLISHED'", 'FOREIGN KEY constraint failed'],
    ['UPDATE sources SET version = NULL', 'NOT NULL constraint failed'],
    ["INSERT INTO budgets VALUES ('TEAM', 'x', '{}', 1, 1)", 'CHECK constraint failed'],
    ["INSERT INTO spending VALUES ('KEY', 'x', 'DAY', 0, 0, 0, 0, 0)", 'FOREIGN KEY constraint failed'],
    ["UPDATE sources SET version = 'x'", 'cannot store TEXT value in INTEGER column'],
  ])('%s', (statement, reason) => {
    expect(() => database.exec(statement)).toThrow(reason);
  });

  test('every table is strict', () => {
    const loose = database.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0").all();
    expect(loose.map((row) => row.name).filter((name) => !String(name).startsWith('sqlite_'))).toEqual([]);
  });
});
