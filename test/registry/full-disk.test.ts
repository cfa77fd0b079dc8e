import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RegistryEvent } from '../../src/registry/index.ts';
import { SecretSealer } from '../../src/registry/secret-sealer.ts';
import { openDatabaseFile } from '../../src/registry/sqlite/database-file.ts';
import { SqliteRegistry } from '../../src/registry/sqlite-registry.ts';
import { systemRandom } from '../../src/runtime/index.ts';
import { change, codeOf, encryptionKey, newRevision, newSource, temporaryRegistry } from './fixtures.ts';

describe('a disk that takes no more', () => {
  const temporary = temporaryRegistry();
  const path = join(temporary.dataDir, 'registry.db');
  let database: DatabaseSync;
  let registry: SqliteRegistry;

  beforeEach(async () => {
    await (await temporary.open()).close();
    mkdirSync(temporary.dataDir, { recursive: true });
    database = openDatabaseFile(path, 0, temporary.clock.now());
    const sealer = new SecretSealer(encryptionKey, systemRandom);
    registry = new SqliteRegistry({ database, path, sealer, clock: temporary.clock });
  });
  afterEach(async () => {
    await registry.close();
    temporary.remove();
  });

  /** Compresses to about its own size, so that a page limit is reached. */
  const large = (): ReturnType<typeof newRevision> =>
    newRevision({ definition: { noise: systemRandom.bytes(60_000).toString('base64') } });

  const state = async (): Promise<unknown> => ({
    sources: await registry.sources({}, 50, undefined),
    revisions: (await registry.revisions('petstore')).map((r) => r.number),
    keys: await registry.keys(),
    audit: await registry.auditLog(50, undefined),
    counters: database.prepare('SELECT * FROM names').all(),
    next: database.prepare('SELECT * FROM sqlite_sequence').all(),
  });

  test('refuses writes with STORAGE_UNAVAILABLE, changes nothing, goes on reading, and recovers', async () => {
    await registry.addSource(newSource('petstore'), change('registerSource'));
    const events: RegistryEvent[] = [];
    registry.events.on((event) => events.push(event));
    const before = await state();
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 1}`);

    const attempts = [
      codeOf(registry.addSource(newSource('second', { revision: large() }), change('registerSource'))),
      codeOf(registry.addRevision('petstore', 1, large(), change('reviseSource'))),
      codeOf(registry.audit('source:petstore', change('purgeCache', { tags: ['x'.repeat(20_000)] }))),
    ];
    expect(await Promise.all(attempts)).toEqual(Array(3).fill('STORAGE_UNAVAILABLE'));
    expect(events).toEqual([]);
    expect(await state()).toEqual(before);
    expect(await registry.isAvailable()).toBe(true);
    await expect(registry.addRevision('petstore', 1, large(), change('reviseSource'))).rejects.toThrow('disk is full');

    database.exec('PRAGMA max_page_count = 1000000');
    await registry.addRevision('petstore', 1, large(), change('reviseSource'));
    expect(events).toHaveLength(1);
    expect((await registry.auditLog(1, undefined)).nodes[0]).toMatchObject({ id: 2, action: 'reviseSource' });
  });

  test('a registry that may not be written says so and changes nothing', async () => {
    await registry.addSource(newSource('petstore'), change('registerSource'));
    const before = await state();
    database.exec('PRAGMA query_only = ON');
    expect(await codeOf(registry.changeSource('petstore', 1, { paused: true }, change('pauseSource')))).toBe(
      'STORAGE_UNAVAILABLE',
    );
    expect(await state()).toEqual(before);
    database.exec('PRAGMA query_only = OFF');
    expect(await registry.changeSource('petstore', 1, { paused: true }, change('pauseSource'))).toMatchObject({
      version: 2,
    });
  });

  test('damage inside a stored definition is told by that revision alone', async () => {
    await registry.addSource(newSource('petstore'), change('registerSource'));
    await registry.addSource(newSource('weather'), change('registerSource'));
    database.exec('DROP TRIGGER revisions_never_change');
    database.exec("UPDATE revisions SET definition = x'00112233' WHERE source = 'petstore'");
    expect(await codeOf(registry.revision('petstore', 1))).toBe('STORAGE_UNAVAILABLE');
    const listed = await registry.revisions('petstore');
    expect(listed[0]?.sdl).toContain('type Query');
    expect(() => listed[0]?.definition).toThrow('damaged');
    expect(await registry.revision('weather', 1)).toMatchObject({ number: 1 });
  });

  test('a broken rule of the tables is a bug and stays one, and is undone', async () => {
    const before = await state();
    const bad = newSource('petstore', { tags: { not: 'a list' } as unknown as string[] });
    await expect(registry.addSource(bad, change('registerSource'))).rejects.toThrow('CHECK constraint failed');
    expect(await state()).toEqual(before);
  });
});
