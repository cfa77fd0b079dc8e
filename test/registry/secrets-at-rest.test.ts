import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Registry } from '../../src/registry/index.ts';
import { Secret } from '../../src/sources/index.ts';
import {
  change,
  codeOf,
  newProvider,
  newRevision,
  newSource,
  type TemporaryRegistry,
  temporaryRegistry,
} from './fixtures.ts';

const SECRETS = ['bearer-5f1c-top-secret', 'pässwörd-\u{1f511}-long-enough', 'x'.repeat(5_000)];

describe('secrets at rest', () => {
  let temporary: TemporaryRegistry;
  let registry: Registry;

  beforeEach(async () => {
    temporary = temporaryRegistry();
    registry = await temporary.open();
    const definition = { auth: { token: new Secret(SECRETS[0] ?? '') }, list: [{ v: new Secret(SECRETS[1] ?? '') }] };
    const source = newSource('petstore', { revision: newRevision({ definition, note: 'a-plain-note' }) });
    await registry.addSource(source, change('registerSource', { definition }));
    const revised = newRevision({ definition: new Secret(SECRETS[2] ?? '') });
    await registry.addRevision('petstore', 1, revised, change('reviseSource', { revised }));
  });
  afterEach(async () => {
    await registry.close();
    temporary.remove();
  });

  const files = (): Buffer[] =>
    readdirSync(temporary.dataDir).map((name) => readFileSync(join(temporary.dataDir, name)));
  const holds = (text: string): boolean => files().some((file) => file.includes(text));

  test('no file holds one, neither while the registry is open nor after', async () => {
    expect(readdirSync(temporary.dataDir)).toContain('registry.db-wal');
    expect(holds('a-plain-note')).toBe(true);
    for (const secret of SECRETS) expect(holds(secret)).toBe(false);
    await registry.close();
    expect(holds('a-plain-note')).toBe(true);
    for (const secret of SECRETS) expect(holds(secret)).toBe(false);
  });

  test("nor one of a provider's, and each opens only beside the destination it was given with", async () => {
    const provider = newProvider('acme', { credential: { type: 'apiKey', apiKey: new Secret('sk-canary-0f9d') } });
    const made = await registry.setProvider(provider, undefined, change('setProvider', { provider }));
    expect(made.credential).toMatchObject({ type: 'apiKey' });
    expect(holds('127.0.0.1:1/v1')).toBe(true);
    for (const secret of ['sk-canary-0f9d', 'header of acme']) expect(holds(secret)).toBe(false);
    await registry.close();
    for (const secret of ['sk-canary-0f9d', 'header of acme']) expect(holds(secret)).toBe(false);

    const database = new DatabaseSync(join(temporary.dataDir, 'registry.db'));
    database.exec("UPDATE providers SET definition_json = replace(definition_json, '127.0.0.1', 'evil.example')");
    database.close();
    registry = await temporary.open();
    expect(await codeOf(registry.provider('acme'))).toBe('STORAGE_UNAVAILABLE');
    expect(await codeOf(registry.providers())).toBe('STORAGE_UNAVAILABLE');
  });

  test('nor do the packed definitions', async () => {
    await registry.close();
    const database = new DatabaseSync(join(temporary.dataDir, 'registry.db'));
    const rows = database.prepare('SELECT definition, sdl FROM revisions').all();
    database.close();
    const texts = rows.flatMap((row) => Object.values(row)).map((bytes) => gunzipSync(bytes as Uint8Array).toString());
    expect(texts).toHaveLength(4);
    expect(texts.join()).toContain('"[secret]"');
    for (const secret of SECRETS) expect(texts.join()).not.toContain(secret);
  });

  test('equal secrets look different, and one moved to another place does not open', async () => {
    const definition = { a: new Secret('same-same-same'), b: new Secret('same-same-same') };
    await registry.addSource(newSource('twins', { revision: newRevision({ definition }) }), change('registerSource'));
    await registry.close();
    const database = new DatabaseSync(join(temporary.dataDir, 'registry.db'));
    const rows = database.prepare("SELECT path, nonce, ciphertext FROM secrets WHERE source = 'twins'").all();
    expect(rows[0]?.ciphertext).not.toEqual(rows[1]?.ciphertext);
    const [first, second] = rows;
    if (first === undefined || second === undefined) throw new Error('Two rows were expected.');
    const swap = database.prepare("UPDATE secrets SET nonce = ?, ciphertext = ? WHERE source = 'twins' AND path = ?");
    swap.run(first.nonce ?? null, first.ciphertext ?? null, second.path ?? null);
    database.close();
    registry = await temporary.open();
    expect(await codeOf(registry.revision('twins', 1))).toBe('STORAGE_UNAVAILABLE');
    expect(await codeOf(registry.revision('petstore', 1))).toBe('resolved');
  });

  test('a document that imitates a stored secret stays a document', async () => {
    const definition = { token: '[secret]', nested: { '[secret]': ['[secret]'] } };
    await registry.addSource(newSource('mimic', { revision: newRevision({ definition }) }), change('registerSource'));
    expect((await registry.revision('mimic', 1))?.definition).toEqual(definition);
  });

  test('deleting the source deletes its secrets', async () => {
    await registry.deleteSource('petstore', 2, change('deleteSource'));
    await registry.close();
    const database = new DatabaseSync(join(temporary.dataDir, 'registry.db'));
    expect(database.prepare('SELECT count(*) AS n FROM secrets').get()?.n).toBe(0);
    database.close();
  });
});
