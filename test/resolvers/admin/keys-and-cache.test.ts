import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AuditLogDocument,
  CreateKeyDocument,
  KeysDocument,
  PurgeCacheDocument,
  RegisterSourceDocument,
  RevokeKeyDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, rest } from './support/documents.ts';
import { type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

describe('keys', () => {
  test('are shown once, open what they should, and nothing once revoked', async () => {
    const { createKey } = await weir.run(CreateKeyDocument, { input: { name: 'the shop' } });
    expect(createKey.key).toMatchObject({ name: 'the shop', role: 'CONSUMER', expiresAt: null });
    const headers = { authorization: `Bearer ${createKey.secret}` };
    expect(await weir.keyring.authenticate(headers)).toMatchObject({ kind: 'key', role: 'CONSUMER' });

    const { keys } = await weir.run(KeysDocument);
    expect(keys).toMatchObject([{ id: createKey.key.id, createdBy: 'k-admin', revokedAt: null }]);
    expect(JSON.stringify(keys)).not.toContain(createKey.secret);

    const { revokeKey } = await weir.run(RevokeKeyDocument, { id: createKey.key.id });
    expect(revokeKey.revokedAt).toBe(new Date(weir.clock.now()).toISOString());
    await expect(weir.keyring.authenticate(headers)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('with a bad name or expiry are refused with every problem', async () => {
    const error = await weir.refused(CreateKeyDocument, { input: { name: ' ', expiresAt: '2001-01-01T00:00:00Z' } });
    expect(error.code).toBe('INVALID_DEFINITION');
    expect(error.problems.map(({ path }) => path)).toEqual(['input.name', 'input.expiresAt']);
    expect((await weir.run(KeysDocument)).keys).toEqual([]);
  });

  test('that do not exist, and the last of an admin, are not revoked', async () => {
    expect((await weir.refused(RevokeKeyDocument, { id: 'nobody' })).code).toBe('NOT_FOUND');
    const { createKey } = await weir.run(CreateKeyDocument, { input: { name: 'Ada', role: 'ADMIN' } });
    expect((await weir.refused(RevokeKeyDocument, { id: createKey.key.id })).code).toBe('CONFLICT');
  });
});

describe('purging', () => {
  /** Everything that is purged from now on. */
  function watch(): unknown[] {
    const purged: unknown[] = [];
    weir.cache.purgeAll = () => void purged.push('everything');
    weir.cache.purgeTags = (tags) => void purged.push(tags);
    return purged;
  }

  test('takes a source, tags, or everything, and leaves an entry in the audit log', async () => {
    await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    const purged = watch();
    const purge = async (variables: object) => (await weir.run(PurgeCacheDocument, variables)).purgeCache;
    expect(await purge({ source: 'zoo' })).toEqual({ everything: false, tags: ['source:zoo'] });
    expect(await purge({ source: 'zoo', tags: ['pets'] })).toEqual({ everything: false, tags: ['source:zoo/pets'] });
    expect(await purge({ tags: ['pets', 'dogs'] })).toEqual({ everything: false, tags: ['pets', 'dogs'] });
    expect(await purge({ tags: [] })).toEqual({ everything: false, tags: [] });
    expect(await purge({ source: null })).toEqual({ everything: true, tags: [] });
    expect(purged).toEqual([['source:zoo'], ['source:zoo/pets'], ['pets', 'dogs'], [], 'everything']);
    const { nodes } = (await weir.run(AuditLogDocument, { first: 2 })).auditLog;
    expect(nodes).toMatchObject([
      { action: 'purgeCache', target: 'cache', detail: { everything: true } },
      { action: 'purgeCache', target: 'cache', detail: { everything: false, tags: [] } },
    ]);
  });

  test('of an unknown source purges nothing', async () => {
    const purged = watch();
    expect((await weir.refused(PurgeCacheDocument, { source: 'nobody' })).code).toBe('NOT_FOUND');
    expect(purged).toEqual([]);
  });

  test('purges nothing when it cannot be audited', async () => {
    const purged = watch();
    weir.registry.audit = () => Promise.reject(new Error('the disk is full'));
    await expect(weir.run(PurgeCacheDocument)).rejects.toThrow('the disk is full');
    expect(purged).toEqual([]);
  });
});
