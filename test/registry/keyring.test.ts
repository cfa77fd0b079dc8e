import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createKeyring } from '../../src/access/index.ts';
import { systemRandom } from '../../src/runtime/index.ts';
import { actor, temporaryRegistry } from './fixtures.ts';

test('keys kept in the registry outlive a restart, revocations too, and are nowhere in its files', async () => {
  const temporary = temporaryRegistry();
  const { clock } = temporary;
  let registry = await temporary.open();
  try {
    let keyring = createKeyring({ store: registry, clock, random: systemRandom });
    const admin = (await keyring.ensureAdminKey()) ?? '';
    const kept = await keyring.issueKey({ name: 'app', role: 'CONSUMER', expiresAt: undefined }, actor);
    const gone = await keyring.issueKey({ name: 'old', role: 'CONSUMER', expiresAt: undefined }, actor);
    expect(await keyring.authenticate({ 'weir-key': gone.secret })).toMatchObject({ name: 'old' });
    await keyring.revokeKey(gone.record.id, actor);
    await expect(keyring.authenticate({ 'weir-key': gone.secret })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });

    keyring.close();
    await registry.close();
    registry = await temporary.open();
    keyring = createKeyring({ store: registry, clock, random: systemRandom });
    expect(await keyring.ensureAdminKey()).toBeUndefined();
    expect(await keyring.authenticate({ 'weir-key': admin })).toMatchObject({ role: 'ADMIN' });
    expect(await keyring.authenticate({ 'weir-key': kept.secret })).toMatchObject({ name: 'app', role: 'CONSUMER' });
    await expect(keyring.authenticate({ 'weir-key': gone.secret })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const log = (await registry.auditLog(10, undefined)).nodes;
    expect(log.map((entry) => entry.action)).toEqual(['revokeKey', 'createKey', 'createKey', 'createAdminKey']);

    for (const name of readdirSync(temporary.dataDir)) {
      const file = readFileSync(join(temporary.dataDir, name));
      for (const secret of [admin, kept.secret, gone.secret]) expect(file.includes(secret.slice(17, -6))).toBe(false);
    }
  } finally {
    await registry.close();
    temporary.remove();
  }
});
