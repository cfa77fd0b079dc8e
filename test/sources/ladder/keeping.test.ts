import { describe, expect, test } from '@jest/globals';
import { cacheKey } from '../../../src/cache/index.ts';
import { answer, failure, Rig } from './rig.ts';

const cc = (value: string) => ({ 'cache-control': value });

describe('what is kept', () => {
  test('by the upstream’s headers', async () => {
    const rig = new Rig();
    rig.upstream = (n) => answer({ n }, { headers: { ...cc('max-age=60'), age: '20' } });
    await rig.run();
    await rig.clock.advance(39_999);
    expect(await rig.run()).toMatchObject({ kind: 'CACHED', ageMs: 59_999 });
    await rig.clock.advance(1);
    expect(await rig.run()).toMatchObject({ kind: 'FRESH' });
  });

  test('nothing under no-store, which ends the older entry too', async () => {
    const rig = new Rig();
    await rig.run();
    rig.upstream = () => answer('secret', { headers: cc('no-store') });
    await rig.run();
    rig.breakDown();
    expect(await rig.run()).toMatchObject({ kind: 'FAILED' });
    expect(rig.cache.stats().entries).toBe(0);
  });

  test('not an answer that did not fit its description; the older one stays for the bad day', async () => {
    const rig = new Rig();
    rig.upstream = () => answer('good');
    await rig.run();
    rig.upstream = () => answer('drifted', { storable: false, headers: cc('max-age=60') });
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', value: 'drifted' });
    rig.breakDown();
    expect(await rig.run()).toMatchObject({ kind: 'STALE', value: 'good' });
  });

  test('not a failure, whatever its headers', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    rig.upstream = () => Promise.reject(failure({ code: 'UPSTREAM_INVALID_RESPONSE', retryable: false }));
    await rig.run();
    expect(rig.cache.stats().entries).toBe(0);
  });

  test('under the tags of the answer, its headers and the policy', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60, tags: ['team:a'] } });
    rig.upstream = () => answer('x', { tags: ['Pet:1'], headers: { 'surrogate-key': 's1 s2', 'cache-tag': 'c1,c2' } });
    for (const tag of ['source:petstore', 'operation:petstore.getPet', 'team:a', 'Pet:1', 's2', 'c1']) {
      await rig.run();
      expect(await rig.run()).toMatchObject({ kind: 'CACHED' });
      rig.cache.purgeTags([tag]);
      expect(await rig.run()).toMatchObject({ kind: 'FRESH' });
    }
  });

  test('an older backup answer does not take the place of a newer entry', async () => {
    const rig = new Rig({ cache: { versionField: 'meta.version' } });
    rig.upstream = () => answer({ meta: { version: 8 } });
    await rig.run();
    rig.pool.down.add(0);
    rig.pool.down.delete(1);
    rig.upstream = () => answer({ meta: { version: 7 } });
    expect(await rig.run()).toMatchObject({ kind: 'BACKUP', value: { meta: { version: 7 } } });
    rig.breakDown();
    expect(await rig.run()).toMatchObject({ kind: 'STALE', value: { meta: { version: 8 } } });
  });
});

describe('304', () => {
  test('confirms what is kept: value, tags and lifetime stay, the time begins anew', async () => {
    const rig = new Rig();
    rig.upstream = () => answer('body', { tags: ['Pet:1'], headers: { ...cc('max-age=60'), etag: '"1"' } });
    const first = await rig.run();
    await rig.clock.advance(60_000);
    rig.upstream = () => answer(undefined, { status: 304, headers: { etag: '"1"' }, size: 0 });
    expect(await rig.run()).toMatchObject({
      kind: 'FRESH',
      value: 'body',
      cache: 'STALE',
      attempts: [{ status: 304 }],
    });
    expect(rig.seen[1]?.revalidate).toEqual({ etag: '"1"' });
    await rig.clock.advance(59_000);
    const last = await rig.run();
    expect(last).toMatchObject({ kind: 'CACHED', ageMs: 59_000 });
    expect(last.kind === 'CACHED' && last.value).toBe(first.kind === 'FRESH' && first.value);
    rig.cache.purgeTags(['Pet:1']);
    expect(rig.cache.lookup(KEY)).toEqual({ state: 'none' });
  });

  test('may change the lifetime', async () => {
    const rig = new Rig();
    rig.upstream = () =>
      answer('body', { headers: { ...cc('no-cache'), 'last-modified': 'Sun, 01 Mar 2020 12:00:00 GMT' } });
    await rig.run();
    rig.upstream = () => answer(undefined, { status: 304, headers: cc('max-age=5') });
    await rig.run();
    expect(rig.seen[1]?.revalidate).toEqual({ lastModified: 'Sun, 01 Mar 2020 12:00:00 GMT' });
    expect(await rig.run()).toMatchObject({ kind: 'CACHED', value: 'body' });
  });

  test('to a call without conditions is no answer', async () => {
    const rig = new Rig();
    rig.upstream = () => answer(undefined, { status: 304 });
    expect(await rig.run()).toMatchObject({ kind: 'FAILED', failure: { code: 'UPSTREAM_INVALID_RESPONSE' } });
  });

  test('what must be confirmed is not served unconfirmed, even on the bad day', async () => {
    const rig = new Rig();
    rig.upstream = () => answer('body', { headers: { ...cc('no-cache'), etag: '"1"' } });
    await rig.run();
    rig.breakDown();
    expect(await rig.run()).toMatchObject({ kind: 'FAILED' });
  });
});

const KEY = cacheKey({
  source: 'petstore',
  revision: 1,
  operation: 'getPet',
  arguments: '{"id":1}',
  vary: '',
  scope: { kind: 'PUBLIC' },
});

describe('Vary', () => {
  const tenant = (name: string) => ({
    varyHeaders: { 'x-tenant': name, 'x-trace': String(Math.floor(name.length / 9)) },
  });

  test('splits entries by the headers it names, once it has named them', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    rig.upstream = (_, call) =>
      answer(call.varyHeaders?.['x-tenant'], { headers: { vary: 'X-Tenant, Accept-Encoding' } });
    for (const kind of ['FRESH', 'CACHED']) {
      for (const name of ['a', 'b']) expect(await rig.run(tenant(name))).toMatchObject({ kind, value: name });
    }
  });

  test('a request without the header is a variant of its own', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    rig.upstream = (_, call) => answer(call.varyHeaders?.['x-tenant'] ?? 'none', { headers: { vary: 'x-tenant' } });
    for (const kind of ['FRESH', 'CACHED']) {
      expect(await rig.run({ varyHeaders: {} })).toMatchObject({ kind, value: 'none' });
      expect(await rig.run(tenant('b'))).toMatchObject({ kind, value: 'b' });
    }
  });

  test('an operation that names ever more of them is not kept', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    rig.upstream = (n) => answer({ n }, { headers: { vary: Array.from({ length: 51 }, (_, i) => `x-${i}`).join() } });
    await rig.run();
    expect(await rig.run()).toMatchObject({ kind: 'FRESH' });
  });

  test('a header that no answer names does not split them', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    await rig.run({ varyHeaders: { 'x-trace': '1' } });
    expect(await rig.run({ varyHeaders: { 'x-trace': '2' } })).toMatchObject({ kind: 'CACHED' });
  });

  test('* is never stored', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    rig.upstream = (n) => answer({ n }, { headers: { vary: '*' } });
    await rig.run();
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', value: { n: 2 } });
  });
});

describe('scope', () => {
  const ann = { caller: 'ann', forwardsCredentials: true, varyKey: 'authorization:1', publicVaryKey: '' };
  const bob = { caller: 'bob', forwardsCredentials: true, varyKey: 'authorization:2', publicVaryKey: '' };

  test('a forwarded credential makes an entry its caller’s own', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60 } });
    await rig.run(ann);
    expect(await rig.run(bob)).toMatchObject({ kind: 'FRESH' });
    expect(await rig.run(ann)).toMatchObject({ kind: 'CACHED', value: { n: 1 } });
  });

  test('unless the policy says PUBLIC', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60, scope: 'PUBLIC' } });
    await rig.run(ann);
    expect(await rig.run(bob)).toMatchObject({ kind: 'CACHED', value: { n: 1 } });
  });

  test('and PRIVATE by policy needs no credential', async () => {
    const rig = new Rig({ cache: { ttlSeconds: 60, scope: 'PRIVATE' } });
    await rig.run({ caller: 'ann' });
    expect(await rig.run({ caller: 'bob' })).toMatchObject({ kind: 'FRESH' });
  });

  test('an answer that calls itself private is not kept for everybody', async () => {
    const rig = new Rig();
    rig.upstream = (n) => answer({ n }, { headers: cc('private, max-age=60') });
    await rig.run();
    expect(await rig.run()).toMatchObject({ kind: 'FRESH', cache: 'MISS' });
    await rig.run(ann);
    expect(await rig.run(ann)).toMatchObject({ kind: 'CACHED' });
  });
});
