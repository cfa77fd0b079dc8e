import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Registry, UnusableDatabase } from '../../src/registry/index.ts';
import { LATEST_VERSION } from '../../src/registry/sqlite/migrations.ts';
import { change, newSource, type TemporaryRegistry, temporaryRegistry } from './fixtures.ts';

describe('a database that cannot be used is refused with one line', () => {
  let temporary: TemporaryRegistry;
  let path: string;
  const opened: Registry[] = [];

  beforeEach(() => {
    temporary = temporaryRegistry();
    path = join(temporary.dataDir, 'registry.db');
  });
  afterEach(async () => {
    for (const registry of opened.splice(0)) await registry.close();
    temporary.remove();
  });

  const make = async (): Promise<void> => {
    const registry = await temporary.open();
    await registry.addSource(newSource('petstore'), change('registerSource'));
    await registry.close();
  };

  async function refusal(over: Parameters<TemporaryRegistry['open']>[0] = {}): Promise<UnusableDatabase> {
    try {
      opened.push(await temporary.open(over));
    } catch (error: unknown) {
      if (!(error instanceof UnusableDatabase)) throw error;
      expect(error.message).not.toContain('\n');
      expect(error.message).toContain(path);
      return error;
    }
    throw new Error('The database was opened.');
  }

  function tamper(sql: string): void {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  }

  test('one of a newer version, and it is left as it was', async () => {
    await make();
    tamper('PRAGMA user_version = 99');
    const before = readFileSync(path);
    const error = await refusal();
    expect(error.reason).toBe('newer');
    expect(error.message).toMatch(/version 99.*newer Weir/);
    expect(error.message).toContain(`up to ${LATEST_VERSION}`);
    expect(readFileSync(path).equals(before)).toBe(true);
    tamper(`PRAGMA user_version = ${LATEST_VERSION}`);
    opened.push(await temporary.open());
    expect(await opened[0]?.source('petstore')).toMatchObject({ name: 'petstore' });
  });

  test("somebody else's database, and it is left as it was", async () => {
    mkdirSync(temporary.dataDir, { recursive: true });
    tamper('CREATE TABLE notes (text TEXT)');
    const before = readFileSync(path);
    expect((await refusal()).reason).toBe('foreign');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('one that is open already', async () => {
    const first = await temporary.open();
    opened.push(first);
    expect((await refusal()).reason).toBe('locked');
    // The one that holds it is not disturbed.
    await first.addSource(newSource('petstore'), change('registerSource'));
    await first.close();
    const second = await temporary.open();
    opened.push(second);
    expect(await second.source('petstore')).toMatchObject({ name: 'petstore' });
  });

  test('of two that start at once on a new folder one gets it', async () => {
    const starts = await Promise.allSettled([temporary.open(), temporary.open()]);
    for (const start of starts) if (start.status === 'fulfilled') opened.push(start.value);
    expect(starts.map((start) => start.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test.each([
    ['a text', (_: Buffer) => Buffer.from('This was never a database. '.repeat(400))],
    ['a file whose first page was overwritten', (file: Buffer) => file.fill(0xa5, 0, 4096)],
    ['a file whose later pages were overwritten', (file: Buffer) => file.fill(0xa5, 4096)],
    ['a file that was cut short', (file: Buffer) => file.subarray(0, 3 * 4096)],
  ])('%s', async (_, damage) => {
    await make();
    writeFileSync(path, damage(readFileSync(path)));
    const error = await refusal();
    expect(error.reason).toBe('damaged');
    expect(error.message).toContain('backup');
  });

  test('a folder that is a file', async () => {
    writeFileSync(temporary.dataDir, '');
    expect((await refusal()).reason).toBe('inaccessible');
  });

  test('one whose secrets are under another key', async () => {
    await make();
    const error = await refusal({ encryptionKey: Buffer.alloc(32, 8) });
    expect(error.reason).toBe('wrong_key');
    expect(error.message).toContain('WEIR_ENCRYPTION_KEY');
    opened.push(await temporary.open());
  });

  test('a key check that was tampered with', async () => {
    await make();
    tamper('UPDATE encryption_keys SET ciphertext = zeroblob(20)');
    expect((await refusal()).reason).toBe('wrong_key');
  });

  test('an encryption key of the wrong length', async () => {
    await expect(temporary.open({ encryptionKey: Buffer.alloc(16) })).rejects.toThrow('32 bytes; it has 16');
  });

  test('an empty file is a new registry', async () => {
    mkdirSync(temporary.dataDir, { recursive: true });
    writeFileSync(path, '');
    opened.push(await temporary.open());
    expect((await opened[0]?.sources({}, 1, undefined))?.totalCount).toBe(0);
  });

  test('the folder and the files are for their owner alone, and a folder that was there keeps its mode', async () => {
    opened.push(await temporary.open());
    await opened[0]?.addSource(newSource('petstore'), change('registerSource'));
    expect(statSync(temporary.dataDir).mode & 0o777).toBe(0o700);
    const files = readdirSync(temporary.dataDir);
    expect(files.sort()).toEqual(['registry.db', 'registry.db-wal']);
    for (const file of files) expect(statSync(join(temporary.dataDir, file)).mode & 0o777).toBe(0o600);
    await opened[0]?.close();
    chmodSync(temporary.dataDir, 0o750);
    opened.push(await temporary.open());
    expect(statSync(temporary.dataDir).mode & 0o777).toBe(0o750);
  });

  test('a registry whose file was taken away is not available', async () => {
    const registry = await temporary.open();
    opened.push(registry);
    expect(await registry.isAvailable()).toBe(true);
    unlinkSync(path);
    expect(await registry.isAvailable()).toBe(false);
  });
});
