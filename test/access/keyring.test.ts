import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  actorOf,
  anonymous,
  createKeyring,
  type IssuedKey,
  type Keyring,
  type KeyringOptions,
  type Role,
  UnusableAdminKey,
} from '../../src/access/index.ts';
import { makeKey } from '../../src/access/key-format.ts';
import { systemRandom } from '../../src/runtime/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { MemoryKeyStore } from './memory-key-store.ts';

const by = { id: 'k0', name: 'the tester' };
const environmentAdminKey = 'an-operators-own-admin-key-of-some-length';

describe('a keyring', () => {
  let store: MemoryKeyStore;
  let clock: FakeClock;
  let keyring: Keyring;

  const make = (over: Partial<KeyringOptions> = {}): Keyring =>
    createKeyring({ store, clock, random: systemRandom, ...over });

  beforeEach(() => {
    store = new MemoryKeyStore();
    clock = new FakeClock();
    keyring = make();
  });

  const issue = (role: Role = 'CONSUMER', expiresAt?: Date): Promise<IssuedKey> =>
    keyring.issueKey({ name: 'app', role, expiresAt }, by);
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const refusal = { code: 'UNAUTHENTICATED', message: 'The key is not valid: malformed, unknown, expired or revoked.' };

  describe('knows callers', () => {
    test('by either header', async () => {
      const { record, secret } = await issue('ADMIN');
      const caller = { kind: 'key', id: record.id, name: 'app', role: 'ADMIN' };
      expect(await keyring.authenticate(bearer(secret))).toEqual(caller);
      expect(await keyring.authenticate({ 'weir-key': secret })).toEqual(caller);
      expect(await keyring.authenticate({ 'weir-key': secret, authorization: 'Bearer x.y.z' })).toEqual(caller);
    });

    test('without a key as anonymous, a token for an upstream included', async () => {
      for (const headers of [{}, { authorization: 'Basic eDp5' }, bearer('eyJhbGciOiJub25lIn0.e30.')]) {
        expect(await keyring.authenticate(headers)).toBe(anonymous);
      }
      expect(store.looks).toBe(0);
    });

    test('not by a key that is malformed, unknown, forged, expired or revoked, and does not say which', async () => {
      const { secret: good } = await issue();
      const { secret: expired } = await issue('CONSUMER', new Date(clock.now() + 1_000));
      const { record, secret: revoked } = await issue();
      await keyring.revokeKey(record.id, by);
      await clock.advance(1_000);
      // The same id, a right checksum, another secret.
      const stranger = makeKey(systemRandom);
      store.records.set(stranger.id, { ...record, id: stranger.id, revokedAt: undefined });
      const wrong = [
        '',
        'weir_sk_',
        good.slice(0, -1),
        `${good}x`,
        makeKey(systemRandom).secret,
        stranger.secret,
        expired,
        revoked,
      ];
      for (const secret of wrong) {
        await expect(keyring.authenticate({ 'weir-key': secret })).rejects.toMatchObject(refusal);
      }
      for (const secret of wrong.slice(1)) {
        await expect(keyring.authenticate(bearer(secret))).rejects.toMatchObject(refusal);
      }
      await expect(keyring.authenticate({ 'weir-key': [good, good] })).rejects.toMatchObject(refusal);
      expect(await keyring.authenticate(bearer(good))).toMatchObject({ kind: 'key' });
    });

    test('until the very moment of expiry', async () => {
      const { secret } = await issue('CONSUMER', new Date(clock.now() + 1_000));
      await clock.advance(999);
      expect(await keyring.authenticate(bearer(secret))).toMatchObject({ role: 'CONSUMER' });
      await clock.advance(1);
      await expect(keyring.authenticate(bearer(secret))).rejects.toMatchObject(refusal);
    });
  });

  describe('remembers keys', () => {
    test('so that the store is asked once, and answers go on while the store is away', async () => {
      const { secret } = await issue();
      await keyring.authenticate(bearer(secret));
      store.failing = true;
      await keyring.authenticate(bearer(secret));
      expect(store.looks).toBe(1);
      const other = makeKey(systemRandom).secret;
      await expect(keyring.authenticate(bearer(other))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    });

    test('and forgets a revoked one at once, whoever revoked it', async () => {
      const { record, secret } = await issue();
      await keyring.authenticate(bearer(secret));
      await store.revokeKey(record.id, new Date(clock.now()), { actor: by, action: 'revokeKey' });
      await expect(keyring.authenticate(bearer(secret))).rejects.toMatchObject(refusal);
    });

    test('but never one that was read before and stored after its revocation', async () => {
      const { record, secret } = await issue();
      let open = (): void => undefined;
      store.gate = new Promise((resolve) => {
        open = resolve;
      });
      const early = keyring.authenticate(bearer(secret));
      await keyring.revokeKey(record.id, by).catch(() => undefined);
      open();
      await early.catch(() => undefined);
      await expect(keyring.authenticate(bearer(secret))).rejects.toMatchObject(refusal);
    });

    test('only so many', async () => {
      keyring = make({ cachedKeys: 2 });
      const secrets = [(await issue()).secret, (await issue()).secret, (await issue()).secret];
      for (const secret of [...secrets, ...secrets]) await keyring.authenticate(bearer(secret));
      expect(store.looks).toBe(6);
    });

    test('and after close no longer listens', async () => {
      keyring.close();
      const { secret } = await issue();
      expect(await keyring.authenticate(bearer(secret))).toMatchObject({ kind: 'key' });
    });
  });

  describe('issues keys', () => {
    test('of which only the hash is kept, with an audit row', async () => {
      const expiresAt = new Date(clock.now() + 1);
      const { record, secret } = await issue('ADMIN', expiresAt);
      expect(store.records.get(record.id)).toEqual(record);
      expect(record).toMatchObject({ name: 'app', role: 'ADMIN', createdBy: 'k0', expiresAt, revokedAt: undefined });
      expect(JSON.stringify([...store.records.values(), store.changes])).not.toContain(secret.slice(17));
      expect(store.changes).toEqual([
        { id: record.id, actor: by, action: 'createKey', detail: { name: 'app', role: 'ADMIN', expiresAt } },
      ]);
    });

    test('with another id when one is taken, and gives up on randomness that repeats itself', async () => {
      const random = seededRandom(9);
      const first = makeKey(seededRandom(9));
      const blocker = { ...(await issue()).record, id: first.id };
      store.records.set(first.id, blocker);
      keyring = make({ random });
      expect((await issue()).record.id).not.toBe(first.id);
      keyring = make({ random: { next: () => 0, bytes: (size) => Buffer.alloc(size) } });
      await issue();
      await expect(issue()).rejects.toMatchObject({ code: 'CONFLICT' });
    });

    test.each([
      ['an empty name', '', undefined, 'input.name'],
      ['a blank name', '   ', undefined, 'input.name'],
      ['a long name', 'x'.repeat(101), undefined, 'input.name'],
      ['an expiry now', 'app', 0, 'input.expiresAt'],
      ['an expiry that is no date', 'app', Number.NaN, 'input.expiresAt'],
    ])('but not with %s', async (_, name, fromNow, path) => {
      const expiresAt = fromNow === undefined ? undefined : new Date(clock.now() + fromNow);
      await expect(keyring.issueKey({ name, role: 'ADMIN', expiresAt }, by)).rejects.toMatchObject({
        code: 'INVALID_DEFINITION',
        details: { problems: [{ path }] },
      });
      expect(store.records.size).toBe(0);
    });
  });

  describe('revokes keys', () => {
    test('and says NOT_FOUND for one that is not there', async () => {
      await expect(keyring.revokeKey('nothing', by)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    test('but never the last valid admin key', async () => {
      const admin = await issue('ADMIN');
      await issue('CONSUMER');
      const expiring = await issue('ADMIN', new Date(clock.now() + 1_000));
      await clock.advance(1_000);
      await expect(keyring.revokeKey(admin.record.id, by)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await keyring.authenticate(bearer(admin.secret))).toMatchObject({ role: 'ADMIN' });
      // One that opens nothing any more is not the last, and may go.
      await keyring.revokeKey(expiring.record.id, by);
      await issue('ADMIN');
      expect((await keyring.revokeKey(admin.record.id, by)).revokedAt).toEqual(new Date(clock.now()));
    });

    test('not even when the last two go at once', async () => {
      const keys = [await issue('ADMIN'), await issue('ADMIN')];
      const ends = await Promise.allSettled(keys.map(({ record }) => keyring.revokeKey(record.id, by)));
      expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('the last too, when the environment gives one', async () => {
      keyring = make({ environmentAdminKey });
      const { record } = await issue('ADMIN');
      await keyring.revokeKey(record.id, by);
      expect(await keyring.authenticate({ 'weir-key': environmentAdminKey })).toMatchObject({ role: 'ADMIN' });
    });
  });

  describe('has an admin key from the start', () => {
    test('makes one, once', async () => {
      const made = await Promise.all([keyring.ensureAdminKey(), keyring.ensureAdminKey()]);
      const secret = made[0] ?? '';
      expect(made[1]).toBeUndefined();
      const caller = await keyring.authenticate(bearer(secret));
      expect(caller).toMatchObject({ role: 'ADMIN' });
      expect(actorOf(caller).name).toBe('first admin key');
      expect(store.changes).toMatchObject([{ action: 'createAdminKey', actor: { id: 'system' } }]);
      expect(await make().ensureAdminKey()).toBeUndefined();
    });

    test('makes another when those there are have all expired or been revoked', async () => {
      await issue('ADMIN', new Date(clock.now() + 1_000));
      expect(await keyring.ensureAdminKey()).toBeUndefined();
      await clock.advance(1_000);
      expect(await keyring.ensureAdminKey()).toMatch(/^weir_sk_/);
    });

    test('makes none when the environment gives one, and stores nothing of that one', async () => {
      keyring = make({ environmentAdminKey });
      expect(await keyring.ensureAdminKey()).toBeUndefined();
      expect(store.records.size).toBe(0);
      const caller = { kind: 'key', id: 'environment', name: 'WEIR_ADMIN_KEY', role: 'ADMIN' };
      expect(await keyring.authenticate(bearer(environmentAdminKey))).toEqual(caller);
      expect(await keyring.authenticate({ 'weir-key': environmentAdminKey })).toEqual(caller);
      expect(await keyring.authenticate(bearer(`${environmentAdminKey}x`))).toBe(anonymous);
      await expect(keyring.authenticate({ 'weir-key': `${environmentAdminKey}x` })).rejects.toMatchObject(refusal);
    });

    test('takes an environment key in the form of a Weir key', async () => {
      const { secret } = makeKey(systemRandom);
      keyring = make({ environmentAdminKey: secret });
      expect(await keyring.authenticate(bearer(secret))).toMatchObject({ id: 'environment' });
    });

    test.each([
      ['empty', ''],
      ['short', 'x'.repeat(31)],
      ['with a space', `${'x'.repeat(32)} y`],
      ['with a line break', `${'x'.repeat(32)}\n`],
      ['not ASCII', 'é'.repeat(32)],
    ])('refuses one that is %s, without showing it', (_, text) => {
      expect(() => make({ environmentAdminKey: text })).toThrow(UnusableAdminKey);
      expect(() => make({ environmentAdminKey: text })).toThrow(/^WEIR_ADMIN_KEY must [^\n]*$/);
      if (text !== '') expect(() => make({ environmentAdminKey: text })).not.toThrow(text);
    });
  });

  describe('leaves for the upstreams', () => {
    test('every header but its own keys', async () => {
      keyring = make({ environmentAdminKey });
      const { secret } = await issue();
      const headers = { accept: ['a', 'b'], cookie: 'c', none: undefined };
      const kept = { accept: 'a, b', cookie: 'c' };
      expect(keyring.forwardable({ ...headers, 'weir-key': secret })).toEqual(kept);
      expect(keyring.forwardable({ ...headers, ...bearer(secret) })).toEqual(kept);
      expect(keyring.forwardable({ ...headers, ...bearer(environmentAdminKey) })).toEqual(kept);
      expect(keyring.forwardable({ ...headers, authorization: secret })).toEqual(kept);
      const token = bearer('x.y.z');
      expect(keyring.forwardable({ ...headers, ...token, 'weir-key': secret })).toEqual({ ...kept, ...token });
      expect(keyring.forwardable({ ...headers, ...bearer(secret), 'weir-key': secret })).toEqual(kept);
      expect(keyring.forwardable({ ...headers, 'x-api-key': secret })).toEqual(kept);
      expect(keyring.forwardable({ ...headers, 'x-api-key': environmentAdminKey, ...token })).toEqual({
        ...kept,
        ...token,
      });
      const foreign = { 'x-api-key': 'sk-somebody-elses' };
      expect(keyring.forwardable({ ...headers, ...foreign, 'weir-key': secret })).toEqual({ ...kept, ...foreign });
    });
  });
});
