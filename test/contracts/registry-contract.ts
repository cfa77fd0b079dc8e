import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KeyRecord } from '../../src/access/index.ts';
import type { Registry, RegistryEvent } from '../../src/registry/index.ts';
import { Secret } from '../../src/sources/index.ts';
import { actor, change, codeOf, newLink, newRevision, newSource } from '../registry/fixtures.ts';
import type { FakeClock } from '../support/fake-clock.ts';

/** One store under test. `open` gives the same content again after `close`. */
export interface RegistryUnderTest {
  readonly clock: FakeClock;
  open(): Promise<Registry>;
  remove(): void | Promise<void>;
}

function keyRecord(id: string, over: Partial<KeyRecord> = {}): KeyRecord {
  return {
    id,
    name: `key ${id}`,
    role: 'CONSUMER',
    hash: new Uint8Array(32).fill(id.length),
    createdAt: new Date(1_700_000_000_000),
    createdBy: actor.id,
    expiresAt: undefined,
    revokedAt: undefined,
    ...over,
  };
}

/** What every store of the registry promises. */
export function registryContract(name: string, make: () => RegistryUnderTest): void {
  describe(`${name} keeps the registry's contract`, () => {
    let under: RegistryUnderTest;
    let registry: Registry;
    let events: RegistryEvent[];

    beforeEach(async () => {
      under = make();
      registry = await under.open();
      events = [];
      registry.events.on((event) => events.push(event));
    });
    afterEach(async () => {
      await registry.close();
      await under.remove();
    });

    const reopen = async (): Promise<void> => {
      await registry.close();
      registry = await under.open();
    };

    const publish = async (source: string, revision: number): Promise<number> => {
      const { version } = (await registry.source(source)) ?? { version: -1 };
      const to = { state: 'PUBLISHED', liveRevision: revision } as const;
      return (await registry.changeSource(source, version, to, change('publishSource'))).version;
    };

    describe('sources', () => {
      test('a new one is a draft with revision 1, every field as given, before and after a restart', async () => {
        const given = newSource('petstore', {
          title: 'Petstore',
          description: 'Pets, — “ünïcode” \u{1f415}, and a line\nbreak',
          tags: ['animals', 'shop', 'animals'],
          team: 'zoo',
          visibility: 'SHARED',
          policy: {
            deadlineMs: 5_000,
            cache: { ttlSeconds: 60, tags: ['p'] },
            fallback: { value: { __proto: [null] } },
          },
          operationPolicies: { getPet: { retries: 0 } },
        });
        const made = await registry.addSource(given, change('registerSource'));
        const { revision: _revision, ...described } = given;
        expect(made).toEqual({
          ...described,
          state: 'DRAFT',
          paused: false,
          deprecation: undefined,
          liveRevision: undefined,
          latestRevision: 1,
          version: 1,
          createdAt: new Date(under.clock.now()),
          updatedAt: new Date(under.clock.now()),
        });
        await reopen();
        expect(await registry.source('petstore')).toEqual(made);
      });

      test('a name that is taken is a conflict and changes nothing', async () => {
        const made = await registry.addSource(newSource('petstore'), change('registerSource'));
        expect(await codeOf(registry.addSource(newSource('petstore', { title: 'x' }), change('registerSource')))).toBe(
          'CONFLICT',
        );
        expect(await registry.source('petstore')).toEqual(made);
        expect((await registry.auditLog(10, undefined)).totalCount).toBe(1);
        expect(events).toHaveLength(1);
      });

      test('names that differ in case are two sources', async () => {
        await registry.addSource(newSource('pets'), change('registerSource'));
        await registry.addSource(newSource('Pets'), change('registerSource'));
        expect((await registry.source('Pets'))?.name).toBe('Pets');
      });

      test('what is not there is undefined, or NOT_FOUND when it should change', async () => {
        expect(await registry.source('nothing')).toBeUndefined();
        expect(await registry.revision('nothing', 1)).toBeUndefined();
        expect(await registry.revisions('nothing')).toEqual([]);
        expect(await codeOf(registry.changeSource('nothing', 1, { paused: true }, change('pauseSource')))).toBe(
          'NOT_FOUND',
        );
        expect(await codeOf(registry.addRevision('nothing', 1, newRevision(), change('reviseSource')))).toBe(
          'NOT_FOUND',
        );
        expect(await codeOf(registry.deleteSource('nothing', 1, change('deleteSource')))).toBe('NOT_FOUND');
        expect((await registry.auditLog(10, undefined)).totalCount).toBe(0);
      });

      test('a change touches exactly the fields it names, and undefined clears', async () => {
        const made = await registry.addSource(
          newSource('petstore', { title: 'Pets', description: 'All of them', team: 'zoo' }),
          change('registerSource'),
        );
        await under.clock.advance(1_000);
        const changed = await registry.changeSource(
          'petstore',
          1,
          { title: undefined, paused: true, policy: { retries: 1 } },
          change('setPolicy'),
        );
        expect(changed).toEqual({
          ...made,
          title: undefined,
          paused: true,
          policy: { retries: 1 },
          version: 2,
          updatedAt: new Date(made.createdAt.getTime() + 1_000),
        });
        expect(await registry.source('petstore')).toEqual(changed);
      });

      test('deprecation with and without a sunset is kept', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        const version = await publish('petstore', 1);
        const sunsetAt = new Date('2031-02-03T04:05:06.789Z');
        const deprecation = { reason: '', sunsetAt };
        await registry.changeSource(
          'petstore',
          version,
          { state: 'DEPRECATED', deprecation },
          change('deprecateSource'),
        );
        await reopen();
        expect((await registry.source('petstore'))?.deprecation).toEqual(deprecation);
        const bare = { deprecation: { reason: 'old', sunsetAt: undefined } };
        await registry.changeSource('petstore', version + 1, bare, change('deprecateSource'));
        expect((await registry.source('petstore'))?.deprecation).toEqual(bare.deprecation);
      });

      test('a live revision must exist, and goes with PUBLISHED and DEPRECATED only', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        const codes = [
          await codeOf(registry.changeSource('petstore', 1, { state: 'PUBLISHED', liveRevision: 2 }, change('x'))),
          await codeOf(registry.changeSource('petstore', 1, { state: 'PUBLISHED' }, change('x'))),
          await codeOf(registry.changeSource('petstore', 1, { liveRevision: 1 }, change('x'))),
          await codeOf(registry.changeSource('petstore', 1, { state: 'RETIRED', liveRevision: 1 }, change('x'))),
        ];
        expect(codes).toEqual(['NOT_FOUND', 'CONFLICT', 'CONFLICT', 'CONFLICT']);
        expect((await registry.source('petstore'))?.version).toBe(1);
        expect(await registry.liveSources()).toEqual([]);
      });

      test('of changes that know the same version one wins', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        const attempts = await Promise.allSettled([
          registry.changeSource('petstore', 1, { title: 'a' }, change('x')),
          registry.addRevision('petstore', 1, newRevision(), change('x')),
          registry.deleteSource('petstore', 1, change('x')),
          registry.changeSource('petstore', 1, { title: 'b' }, change('x')),
        ]);
        expect(attempts.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
        for (const attempt of attempts) {
          if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'CONFLICT' });
        }
        expect((await registry.auditLog(10, undefined)).totalCount).toBe(2);
        expect(events).toHaveLength(2);
      });

      test('of two that take one name at once one wins', async () => {
        const codes = await Promise.all(
          ['a', 'b'].map((title) => codeOf(registry.addSource(newSource('petstore', { title }), change('x')))),
        );
        expect(codes.sort()).toEqual(['CONFLICT', 'resolved']);
      });

      test('what was passed in or handed out can be changed without changing the registry', async () => {
        const tags = ['a'];
        const made = await registry.addSource(newSource('petstore', { tags }), change('registerSource'));
        tags.push('b');
        (made.tags as string[]).push('c');
        expect((await registry.source('petstore'))?.tags).toEqual(['a']);
      });
    });

    describe('lists', () => {
      const names = ['alpha', 'beta', 'delta', 'gamma'];
      beforeEach(async () => {
        for (const each of [...names].reverse()) {
          await registry.addSource(
            newSource(each, {
              title: `Title of ${each}`,
              description: each === 'beta' ? '100% ÄRGER_' : undefined,
              kind: each === 'gamma' ? 'GRAPHQL' : 'REST',
              tags: each.endsWith('ta') ? ['ta', 'x"y'] : ['tap'],
            }),
            change('registerSource'),
          );
        }
        await publish('delta', 1);
        await publish('alpha', 1);
      });
      const listed = async (filter: Parameters<Registry['sources']>[0]): Promise<readonly string[]> =>
        (await registry.sources(filter, 50, undefined)).nodes.map((node) => node.name);

      test('pages go by name, with what comes after and how many there are', async () => {
        const first = await registry.sources({}, 3, undefined);
        expect(first.nodes.map((n) => n.name)).toEqual(['alpha', 'beta', 'delta']);
        expect(first).toMatchObject({ hasNextPage: true, totalCount: 4 });
        const second = await registry.sources({}, 3, 'delta');
        expect(second.nodes.map((n) => n.name)).toEqual(['gamma']);
        expect(second).toMatchObject({ hasNextPage: false, totalCount: 4 });
        expect(await registry.sources({}, 0, undefined)).toEqual({ nodes: [], hasNextPage: true, totalCount: 4 });
      });

      test('filters by state, kind, tag and text', async () => {
        expect(await listed({ states: ['PUBLISHED'] })).toEqual(['alpha', 'delta']);
        expect(await listed({ states: ['DRAFT', 'PUBLISHED'], kinds: ['GRAPHQL'] })).toEqual(['gamma']);
        expect(await listed({ states: [] })).toEqual([]);
        expect(await listed({ tag: 'ta' })).toEqual(['beta', 'delta']);
        expect(await listed({ tag: 'x"y' })).toEqual(['beta', 'delta']);
        expect(await listed({ search: 'TITLE OF AL' })).toEqual(['alpha']);
        expect(await listed({ search: 'ärger' })).toEqual(['beta']);
        expect(await listed({ search: '100%' })).toEqual(['beta']);
        expect(await listed({ search: '%' })).toEqual(['beta']);
        expect(await listed({ search: "'; DROP TABLE sources; --" })).toEqual([]);
      });

      test('live sources are those with a live revision, by name', async () => {
        expect((await registry.liveSources()).map((s) => s.name)).toEqual(['alpha', 'delta']);
        await registry.changeSource('alpha', 2, { state: 'RETIRED', liveRevision: undefined }, change('retireSource'));
        expect((await registry.liveSources()).map((s) => s.name)).toEqual(['delta']);
      });
    });

    describe('revisions', () => {
      test('are numbered in order, newest first, and bring every field back after a restart', async () => {
        const definition = {
          document: { paths: { '/a~b/c': { get: {} } }, empty: {}, list: [null, true, 1.5, 'x', [[]]] },
          auth: { bearer: { token: new Secret('t0p-s3cret') } },
          headers: [{ name: 'x', value: new Secret('\u{1f511}') }],
        };
        await registry.addSource(newSource('petstore'), change('registerSource'));
        const made = await registry.addRevision(
          'petstore',
          1,
          newRevision({
            definition,
            sdl: 'type Query { a: Int }',
            warnings: [{ kind: 'RENAMED', path: '/paths', message: 'm' }],
            changes: [{ criticality: 'BREAKING', path: undefined, message: 'gone' }],
            note: 'second',
          }),
          change('reviseSource'),
        );
        expect(made).toMatchObject({ source: 'petstore', number: 2, note: 'second', createdBy: actor.id });
        expect(await registry.source('petstore')).toMatchObject({ latestRevision: 2, version: 2 });
        await reopen();
        const found = await registry.revision('petstore', 2);
        expect(found).toEqual(made);
        const back = found?.definition as typeof definition;
        expect(back.document).toEqual(definition.document);
        expect(back.auth.bearer.token).toBeInstanceOf(Secret);
        expect(back.auth.bearer.token.reveal()).toBe('t0p-s3cret');
        expect(back.headers[0]?.value.reveal()).toBe('\u{1f511}');
        expect((await registry.revisions('petstore')).map((r) => r.number)).toEqual([2, 1]);
        expect((await registry.revisions('petstore'))[0]?.definition).toEqual(back);
        expect(await registry.revision('petstore', 3)).toBeUndefined();
      });

      test('a definition that is not plain JSON is refused before anything is written', async () => {
        const bad = newSource('petstore', { revision: newRevision({ definition: { since: new Date() } }) });
        await expect(registry.addSource(bad, change('registerSource'))).rejects.toThrow('/since');
        expect(await registry.source('petstore')).toBeUndefined();
      });
    });

    describe('deletion', () => {
      test('takes the source with its revisions and leaves its audit rows', async () => {
        const withSecret = newRevision({ definition: { token: new Secret('abc') } });
        await registry.addSource(newSource('petstore', { revision: withSecret }), change('registerSource'));
        await registry.addRevision('petstore', 1, withSecret, change('reviseSource'));
        await registry.deleteSource('petstore', 2, change('deleteSource'));
        expect(await registry.source('petstore')).toBeUndefined();
        expect(await registry.revisions('petstore')).toEqual([]);
        const log = await registry.auditLog(10, undefined);
        expect(log.nodes.map((e) => e.action)).toEqual(['deleteSource', 'reviseSource', 'registerSource']);
        expect(events.at(-1)).toEqual({ type: 'source', action: 'deleteSource', name: 'petstore', record: undefined });
      });

      test('is refused while a revision is live', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        const version = await publish('petstore', 1);
        expect(await codeOf(registry.deleteSource('petstore', version, change('deleteSource')))).toBe('CONFLICT');
        expect(await registry.source('petstore')).toMatchObject({ version, state: 'PUBLISHED' });
      });

      test('does not set the numbers of the name back', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        await registry.addRevision('petstore', 1, newRevision(), change('reviseSource'));
        await registry.deleteSource('petstore', 2, change('deleteSource'));
        await reopen();
        const again = await registry.addSource(newSource('petstore'), change('registerSource'));
        expect(again).toMatchObject({ latestRevision: 3, version: 4, state: 'DRAFT' });
        expect((await registry.revisions('petstore')).map((r) => r.number)).toEqual([3]);
        // Who knew the deleted source cannot change the new one by accident.
        for (const stale of [1, 2, 3]) {
          expect(await codeOf(registry.changeSource('petstore', stale, { title: 'x' }, change('x')))).toBe('CONFLICT');
        }
      });
    });

    describe('links', () => {
      const author = newLink('l1');

      test('come back after a restart as they were, and are told and accounted', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        const made = await registry.addLink(author, change('addLink', { field: 'Pet.owner' }));
        expect(made).toEqual({ ...author, createdAt: new Date(under.clock.now()), createdBy: actor.id });
        await under.clock.advance(1_000);
        const bare = await registry.addLink(
          {
            id: 'l0',
            source: 'petstore',
            type: 'Pet',
            field: 'self',
            target: 'petstore',
            operation: 'a',
            arguments: [],
          },
          change('addLink'),
        );
        expect(events.slice(1)).toEqual([
          { type: 'link', action: 'addLink', id: 'l1' },
          { type: 'link', action: 'addLink', id: 'l0' },
        ]);
        await reopen();
        expect(await registry.links()).toEqual([made, bare]);
        expect(await registry.link('l1')).toEqual(made);
        expect(await registry.link('l9')).toBeUndefined();
        expect((await registry.auditLog(1, 3)).nodes[0]).toMatchObject({
          action: 'addLink',
          target: 'link:l1',
          detail: { field: 'Pet.owner' },
        });
      });

      test('an id, and a field of a type, are taken once', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        await registry.addSource(newSource('other'), change('registerSource'));
        await registry.addLink(author, change('addLink'));
        const attempts = [
          newLink('l1', { field: 'else' }),
          newLink('l2'),
          newLink('l3', { source: 'nothing' }),
          newLink('l4', { source: 'other' }),
        ];
        const codes = await Promise.all(attempts.map((link) => codeOf(registry.addLink(link, change('addLink')))));
        expect(codes).toEqual(['CONFLICT', 'CONFLICT', 'NOT_FOUND', 'resolved']);
        expect((await registry.links()).map(({ id }) => id)).toEqual(['l4', 'l1']);
        expect((await registry.auditLog(10, undefined)).totalCount).toBe(4);
      });

      test('of two for one field at once one wins', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        const codes = await Promise.all(
          ['l1', 'l2'].map((id) => codeOf(registry.addLink(newLink(id), change('addLink')))),
        );
        expect(codes.sort()).toEqual(['CONFLICT', 'resolved']);
      });

      test('are removed once, and go with their source but not with their target', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource'));
        await registry.addSource(newSource('people'), change('registerSource'));
        await registry.addLink(author, change('addLink'));
        await registry.addLink(newLink('l2', { field: 'second' }), change('addLink'));
        await registry.removeLink('l1', change('removeLink'));
        expect(await codeOf(registry.removeLink('l1', change('removeLink')))).toBe('NOT_FOUND');
        await registry.deleteSource('people', 1, change('deleteSource'));
        expect((await registry.links()).map(({ id }) => id)).toEqual(['l2']);
        await registry.deleteSource('petstore', 1, change('deleteSource'));
        await reopen();
        expect(await registry.links()).toEqual([]);
      });

      test('given with a revision are kept with it', async () => {
        const { id: _id, source: _source, ...given } = author;
        await registry.addSource(
          newSource('petstore', { revision: newRevision({ links: [given] }) }),
          change('registerSource'),
        );
        const second = await registry.addRevision('petstore', 1, newRevision(), change('reviseSource'));
        expect(second.links).toEqual([]);
        await reopen();
        expect((await registry.revision('petstore', 1))?.links).toEqual([given]);
        expect((await registry.revisions('petstore')).map(({ links }) => links.length)).toEqual([0, 1]);
      });
    });

    describe('keys', () => {
      test('come back after a restart as they were, oldest first', async () => {
        const old = keyRecord('bbbb', { expiresAt: new Date(1_800_000_000_001), role: 'ADMIN' });
        const young = keyRecord('aaaa', { createdAt: new Date(1_700_000_000_001) });
        await registry.addKey(young, change('createKey'));
        await registry.addKey(old, change('createKey'));
        await reopen();
        expect(await registry.keys()).toEqual([old, young]);
        expect(await registry.key('aaaa')).toEqual(young);
        expect(await registry.key('zzzz')).toBeUndefined();
      });

      test('an id is taken once', async () => {
        await registry.addKey(keyRecord('aaaa'), change('createKey'));
        expect(await codeOf(registry.addKey(keyRecord('aaaa', { role: 'ADMIN' }), change('createKey')))).toBe(
          'CONFLICT',
        );
        expect((await registry.key('aaaa'))?.role).toBe('CONSUMER');
      });

      test('a revocation is kept, told, and done once', async () => {
        await registry.addKey(keyRecord('aaaa'), change('createKey'));
        const at = new Date(1_700_000_050_000);
        const revoked = await registry.revokeKey('aaaa', at, change('revokeKey'));
        expect(revoked.revokedAt).toEqual(at);
        expect(await registry.revokeKey('aaaa', new Date(at.getTime() + 1), change('revokeKey'))).toEqual(revoked);
        expect(await codeOf(registry.revokeKey('zzzz', at, change('revokeKey')))).toBe('NOT_FOUND');
        await reopen();
        expect(await registry.key('aaaa')).toEqual(revoked);
        expect((await registry.auditLog(10, undefined)).totalCount).toBe(2);
        expect(events).toEqual([
          { type: 'key', action: 'createKey', id: 'aaaa' },
          { type: 'key', action: 'revokeKey', id: 'aaaa' },
        ]);
      });
    });

    describe('the audit log', () => {
      test('has who, what, when and the detail, newest first, by pages', async () => {
        await registry.addSource(newSource('petstore'), change('registerSource', { title: 'x', none: undefined }));
        await under.clock.advance(5);
        await registry.audit('source:petstore', change('purgeCache', { tags: ['a'] }));
        await registry.addKey(keyRecord('aaaa'), change('createKey'));
        const first = await registry.auditLog(2, undefined);
        expect(first).toMatchObject({ hasNextPage: true, totalCount: 3 });
        expect(first.nodes.map((e) => [e.id, e.target])).toEqual([
          [3, 'key:aaaa'],
          [2, 'source:petstore'],
        ]);
        expect((await registry.auditLog(2, 2)).nodes).toEqual([
          {
            id: 1,
            at: new Date(under.clock.now() - 5),
            actor,
            action: 'registerSource',
            target: 'source:petstore',
            detail: { title: 'x' },
          },
        ]);
        expect((await registry.auditLog(2, 2)).hasNextPage).toBe(false);
      });

      test('never holds a secret or bytes', async () => {
        const detail = { auth: { token: new Secret('t0p'), list: [new Secret('t0p')] }, hash: Buffer.from('t0p') };
        await registry.audit('key:x', change('x', detail));
        const text = JSON.stringify((await registry.auditLog(1, undefined)).nodes);
        expect(text).not.toContain('t0p');
        expect(text).toContain('"[secret]"');
        expect(text).toContain('"[3 bytes]"');
      });
    });

    describe('events', () => {
      test('come after the commit, in order, before the write is acknowledged', async () => {
        const seen: string[] = [];
        registry.events.on((event) => seen.push(event.action));
        const writes = ['a', 'b', 'c', 'd'].map((source) =>
          registry.addSource(newSource(source), change(`register ${source}`)).then(() => seen.push(`ack ${source}`)),
        );
        await Promise.all(writes);
        const log = (await registry.auditLog(10, undefined)).nodes.map((entry) => entry.action).reverse();
        expect(seen.filter((s) => s.startsWith('register'))).toEqual(log);
        for (const source of ['a', 'b', 'c', 'd']) {
          expect(seen.indexOf(`register ${source}`)).toBeLessThan(seen.indexOf(`ack ${source}`));
        }
      });

      test('a listener that reads sees what it was told of', async () => {
        const reads: Promise<unknown>[] = [];
        registry.events.on((event) => {
          if (event.type === 'source') reads.push(registry.source(event.name));
        });
        const made = await registry.addSource(newSource('petstore'), change('registerSource'));
        expect(await Promise.all(reads)).toEqual([made]);
        expect(events).toEqual([{ type: 'source', action: 'registerSource', name: 'petstore', record: made }]);
      });
    });

    describe('closing', () => {
      test('waits for writes under way and refuses later ones', async () => {
        const write = registry.addSource(newSource('petstore'), change('registerSource'));
        const written = registry.addKey(keyRecord('aaaa'), change('createKey'));
        const closing = registry.close();
        expect(await codeOf(registry.source('petstore'))).toBe('STORAGE_UNAVAILABLE');
        expect(await codeOf(registry.addKey(keyRecord('bbbb'), change('createKey')))).toBe('STORAGE_UNAVAILABLE');
        await Promise.all([written, closing]);
        expect(await registry.isAvailable()).toBe(false);
        await registry.close();
        const code = await codeOf(write);
        await reopen();
        expect((await registry.source('petstore')) !== undefined).toBe(code === 'resolved');
        expect((await registry.keys()).map((k) => k.id)).toEqual(['aaaa']);
        expect(await registry.isAvailable()).toBe(true);
      });
    });
  });
}
