import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  CheckSourceDocument,
  DeleteSourceDocument,
  DeprecateSourceDocument,
  PauseSourceDocument,
  PublishSourceDocument,
  RegisterSourceDocument,
  ResumeSourceDocument,
  RetireSourceDocument,
  ReviseSourceDocument,
  RollbackSourceDocument,
  SetPolicyDocument,
  SourceDetailsDocument,
  SourceHealthDocument,
  UpdateSourceDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, PETS_WITH_CAT, PETS_WITHOUT_DOG, rest } from './support/documents.ts';
import { consumer, type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

const register = (document = PETS, name = 'zoo') =>
  weir.run(RegisterSourceDocument, { input: { name, ...rest(document) } });
const revise = (document: string, name = 'zoo') =>
  weir.run(ReviseSourceDocument, { input: { name, ...rest(document) } });
const publish = (name = 'zoo', more: { revision?: number; acceptBreaking?: boolean } = {}) =>
  weir.run(PublishSourceDocument, { name, ...more });

describe('registering', () => {
  test('makes revision 1, a draft that nobody can query', async () => {
    const version = weir.graph.current.number;
    expect((await register()).registerSource).toEqual({
      name: 'zoo',
      kind: 'REST',
      state: 'DRAFT',
      paused: false,
      visibility: 'PRIVATE',
      latestRevision: 1,
      live: null,
    });
    expect(weir.graph.current.number).toBe(version);
    expect((await weir.query('{ zoo { pet } }')).errors?.[0]?.message).toMatch(/Cannot query field "zoo"/);
    expect(weir.kind.connections).toHaveLength(0);
  });

  test('wraps every credential, so that the registry encrypts it and nobody sees it', async () => {
    await weir.run(RegisterSourceDocument, {
      input: {
        name: 'zoo',
        rest: {
          document: PETS,
          auth: { oauth2: { tokenUrl: 'https://id.example/token', clientId: 'weir', clientSecret: 'hush-1' } },
          headers: [
            { name: 'x-key', value: 'hush-2' },
            { name: 'x-plain', value: 'open', secret: false },
          ],
        },
      },
    });
    const [input] = weir.kind.inputs;
    expect(JSON.stringify(input)).not.toContain('hush');
    expect(input?.headers?.map(({ value }) => (typeof value === 'string' ? value : value.reveal()))).toEqual([
      'hush-2',
      'open',
    ]);
    expect(input?.auth).toMatchObject({ oauth2: { clientId: 'weir', clientAuthentication: 'BASIC' } });
  });
});

describe('publishing', () => {
  test('is a new graph version, served by the query right after the acknowledgement', async () => {
    await register();
    const version = weir.graph.current.number;
    expect((await publish()).publishSource).toMatchObject({ state: 'PUBLISHED', live: { number: 1 } });
    expect(weir.graph.current.number).toBe(version + 1);
    expect((await weir.query('{ zoo { pet } }')).data).toEqual({ zoo: { pet: 'zoo@1.pet' } });
  });

  test('takes the latest revision, or the one that is asked for', async () => {
    await register();
    await revise(PETS_WITH_CAT);
    expect((await publish('zoo', { revision: 1 })).publishSource).toMatchObject({
      live: { number: 1 },
      latestRevision: 2,
    });
    expect((await publish()).publishSource.live).toEqual({ number: 2 });
    expect((await weir.query('{ zoo { cat } }')).data).toEqual({ zoo: { cat: 'zoo@2.cat' } });
    expect(weir.kind.open.map(({ services }) => services.revision)).toEqual([2]);
  });

  test('refuses to break clients unless told to, with every problem, and changes nothing', async () => {
    await register();
    await publish();
    await revise(PETS_WITHOUT_DOG);
    const before = await weir.snapshot();
    const error = await weir.refused(PublishSourceDocument, { name: 'zoo' });
    expect(error.code).toBe('BREAKING_CHANGE');
    expect(error.problems).toEqual([{ path: 'ZooQuery.dog', message: expect.stringContaining('dog') }]);
    expect(await weir.snapshot()).toEqual(before);
    expect(weir.kind.open.map(({ services }) => services.revision)).toEqual([1]);

    expect((await publish('zoo', { acceptBreaking: true })).publishSource.live).toEqual({ number: 2 });
  });

  test('counts a move to another namespace as breaking', async () => {
    await register();
    await publish();
    await weir.run(ReviseSourceDocument, { input: { name: 'zoo', rest: { document: PETS, namespace: 'park' } } });
    const error = await weir.refused(PublishSourceDocument, { name: 'zoo' });
    expect(error).toMatchObject({ code: 'BREAKING_CHANGE', problems: [{ path: 'Query.zoo' }] });
  });

  test('keeps the last good graph when the new one does not compose', async () => {
    await register();
    await publish();
    await weir.run(RegisterSourceDocument, { input: { name: 'park', rest: { document: PETS, namespace: 'zoo' } } });
    const before = await weir.snapshot();
    const error = await weir.refused(PublishSourceDocument, { name: 'park' });
    expect(error.code).toBe('COMPOSITION_FAILED');
    expect(error.problems.length).toBeGreaterThan(0);
    expect(await weir.snapshot()).toEqual(before);
    expect(weir.kind.open.map(({ services }) => services.name)).toEqual(['zoo']);
  });

  test('does not need the upstream, which only the check asks for', async () => {
    weir.kind.probe = async () => ({ ok: false, latencyMs: 4, reason: 'connection_refused' });
    await register();
    const { checkSource } = await weir.run(CheckSourceDocument, { name: 'zoo' });
    expect(checkSource).toMatchObject({ ok: true, probe: { ok: false, reason: 'connection_refused' } });
    expect((await publish()).publishSource.state).toBe('PUBLISHED');
  });

  test('swaps nothing and closes its connection when the commit fails', async () => {
    await register();
    const { number } = weir.graph.current;
    const change = weir.registry.changeSource.bind(weir.registry);
    weir.registry.changeSource = () => Promise.reject(new Error('the disk is full'));
    await expect(publish()).rejects.toThrow('the disk is full');
    weir.registry.changeSource = change;
    expect(weir.graph.current.number).toBe(number);
    expect(weir.kind.open).toHaveLength(0);
    expect((await publish()).publishSource.state).toBe('PUBLISHED');
  });

  test('of what is published already is a conflict', async () => {
    await register();
    await publish();
    expect(await weir.refused(PublishSourceDocument, { name: 'zoo', revision: 1 })).toMatchObject({
      code: 'CONFLICT',
      extensions: { state: 'PUBLISHED', liveRevision: 1 },
    });
  });

  test('of an unknown source or revision finds nothing', async () => {
    expect((await weir.refused(PublishSourceDocument, { name: 'nobody' })).code).toBe('NOT_FOUND');
    await register();
    for (const revision of [0, -1, 2]) {
      expect((await weir.refused(PublishSourceDocument, { name: 'zoo', revision })).code).toBe('NOT_FOUND');
    }
  });
});

describe('checking', () => {
  test('tells what publishing would do and changes nothing', async () => {
    await register();
    await publish();
    await revise(`${PETS_WITHOUT_DOG} # odd`);
    const before = await weir.snapshot();
    const { checkSource } = await weir.run(CheckSourceDocument, { name: 'zoo' });
    expect(checkSource).toMatchObject({
      ok: false,
      revision: 2,
      comparedWith: 1,
      breaking: true,
      changes: [{ criticality: 'BREAKING', path: 'ZooQuery.dog' }],
      conflicts: [],
      warnings: [{ kind: 'UNTYPED' }],
      probe: { ok: true, status: 200 },
    });
    expect(await weir.snapshot()).toEqual(before);
    expect(weir.kind.open.map(({ services }) => services.revision)).toEqual([1]);
  });

  test('lists what stands in the way of composing', async () => {
    await register();
    await publish();
    await weir.run(RegisterSourceDocument, { input: { name: 'park', rest: { document: PETS, namespace: 'zoo' } } });
    const { checkSource } = await weir.run(CheckSourceDocument, { name: 'park' });
    expect(checkSource.ok).toBe(false);
    expect(checkSource.conflicts.length).toBeGreaterThan(0);
  });

  test('does not wait for an upstream that never answers', async () => {
    weir.kind.probe = () => new Promise(() => {});
    await register();
    const report = weir.run(CheckSourceDocument, { name: 'zoo' });
    await weir.clock.advance(1);
    while (weir.clock.pending === 0) await weir.clock.advance(0);
    await weir.clock.advance(3000);
    expect((await report).checkSource.probe).toMatchObject({ ok: false, reason: 'connection_timeout' });
    expect(weir.clock.pending).toBe(0);
  });

  test('outlives a probe that throws', async () => {
    weir.kind.probe = () => Promise.reject(new Error('a bug'));
    await register();
    const { checkSource } = await weir.run(CheckSourceDocument, { name: 'zoo' });
    expect(checkSource.probe).toMatchObject({ ok: false, reason: 'proxy_internal_error' });
  });
});

describe('rolling back', () => {
  beforeEach(async () => {
    await register();
    await publish();
    await revise(PETS_WITH_CAT);
    await publish();
  });

  test('publishes an older revision although that breaks clients, and says so in the audit log', async () => {
    const { rollbackSource } = await weir.run(RollbackSourceDocument, { name: 'zoo', toRevision: 1 });
    expect(rollbackSource).toMatchObject({ state: 'PUBLISHED', live: { number: 1 }, latestRevision: 2 });
    const [entry] = (await weir.registry.auditLog(1, undefined)).nodes;
    expect(entry).toMatchObject({
      action: 'rollbackSource',
      target: 'source:zoo',
      actor: { id: 'k-admin', name: 'Ada' },
      detail: { revision: 1, breaking: [expect.stringContaining('cat')] },
    });
  });

  test('goes back only', async () => {
    expect((await weir.refused(RollbackSourceDocument, { name: 'zoo', toRevision: 2 })).code).toBe('CONFLICT');
    expect((await weir.refused(RollbackSourceDocument, { name: 'zoo', toRevision: 9 })).code).toBe('NOT_FOUND');
  });

  test('leaves a deprecated source deprecated', async () => {
    await weir.run(DeprecateSourceDocument, { name: 'zoo', reason: 'Use park.' });
    const { rollbackSource } = await weir.run(RollbackSourceDocument, { name: 'zoo', toRevision: 1 });
    expect(rollbackSource.state).toBe('DEPRECATED');
    expect(weir.graph.current.sdl).toContain('@deprecated');
  });
});

describe('phasing out', () => {
  const sunsetAt = '2030-01-31T12:00:00.000Z';

  test('deprecation marks the fields, retirement takes them away, publishing brings them back', async () => {
    await register();
    await publish();
    const [connection] = weir.kind.connections;
    const { deprecateSource } = await weir.run(DeprecateSourceDocument, {
      name: 'zoo',
      reason: ' Use park. ',
      sunsetAt,
    });
    expect(deprecateSource).toMatchObject({ state: 'DEPRECATED', deprecation: { reason: 'Use park.', sunsetAt } });
    expect(weir.graph.current.sdl).toMatch(/@deprecated\(reason: "Use park\./);
    expect(weir.kind.connections).toEqual([connection]);

    expect((await publish()).publishSource.state).toBe('PUBLISHED');
    expect(weir.graph.current.sdl).not.toContain('@deprecated');
    expect(weir.kind.connections).toEqual([connection]);

    await weir.run(DeprecateSourceDocument, { name: 'zoo', reason: 'Use park.' });
    const { retireSource } = await weir.run(RetireSourceDocument, { name: 'zoo' });
    expect(retireSource).toMatchObject({ state: 'RETIRED', live: null });
    expect(weir.graph.current.sdl).not.toContain('zoo');
    expect(connection?.closed).toBe(1);

    expect((await publish()).publishSource).toMatchObject({ state: 'PUBLISHED', live: { number: 1 } });
    expect((await weir.run(SourceDetailsDocument, { name: 'zoo' })).source?.deprecation).toBeNull();
  });

  test('lists every problem of a deprecation', async () => {
    await register();
    await publish();
    const error = await weir.refused(DeprecateSourceDocument, {
      name: 'zoo',
      reason: '  ',
      sunsetAt: '2001-01-01T00:00:00Z',
    });
    expect(error.code).toBe('INVALID_DEFINITION');
    expect(error.problems.map(({ path }) => path)).toEqual(['input.reason', 'input.sunsetAt']);
  });

  test('deletion leaves only the audit log, and its cached answers go with it', async () => {
    const purged: (readonly string[])[] = [];
    const purge = weir.cache.purgeTags.bind(weir.cache);
    weir.cache.purgeTags = (tags) => {
      purged.push(tags);
      purge(tags);
    };
    await register();
    expect((await weir.run(DeleteSourceDocument, { name: 'zoo' })).deleteSource).toBe('zoo');
    expect(purged).toEqual([['source:zoo']]);
    expect((await weir.run(SourceDetailsDocument, { name: 'zoo' })).source).toBeNull();
    expect((await weir.registry.auditLog(10, undefined)).nodes.map(({ action }) => action)).toEqual([
      'deleteSource',
      'registerSource',
    ]);
    await register(PETS_WITH_CAT);
    const { source } = await weir.run(SourceDetailsDocument, { name: 'zoo' });
    expect(source?.operations.map(({ name }) => name)).toContain('cat');
  });
});

describe('settings', () => {
  beforeEach(async () => {
    await register();
    await publish();
  });

  test('pausing reaches the running connection without a new version, and survives publishing', async () => {
    const { number } = weir.graph.current;
    expect((await weir.run(PauseSourceDocument, { name: 'zoo' })).pauseSource.paused).toBe(true);
    expect((await weir.run(PauseSourceDocument, { name: 'zoo' })).pauseSource.paused).toBe(true);
    expect(weir.kind.connections[0]?.settings.paused).toBe(true);
    expect((await weir.run(SourceHealthDocument, { name: 'zoo' })).source?.health.state).toBe('PAUSED');
    expect(weir.graph.current.number).toBe(number);

    await revise(PETS_WITH_CAT);
    await publish();
    expect(weir.kind.connections[1]?.settings.paused).toBe(true);
    await weir.run(ResumeSourceDocument, { name: 'zoo' });
    expect(weir.kind.connections[1]?.settings.paused).toBe(false);
  });

  test('a policy is replaced as a whole, for the source or for one operation', async () => {
    const { number } = weir.graph.current;
    await weir.run(SetPolicyDocument, { source: 'zoo', policy: { retries: 1, cache: { ttlSeconds: 5 } } });
    await weir.run(SetPolicyDocument, { source: 'zoo', policy: { deadlineMs: 700, cache: null } });
    await weir.run(SetPolicyDocument, {
      source: 'zoo',
      operation: 'pet',
      policy: { fallback: { value: null }, cache: { tags: ['pets'], scope: 'PUBLIC' } },
    });
    await weir.run(SetPolicyDocument, {
      source: 'zoo',
      operation: 'dog',
      policy: { fallback: { operation: 'pet', arguments: { id: 1 } } },
    });
    expect(weir.kind.connections[0]?.settings).toEqual({
      policy: { deadlineMs: 700 },
      operationPolicies: {
        pet: { fallback: { value: null }, cache: { tags: ['pets'], scope: 'PUBLIC' } },
        dog: { fallback: { operation: 'pet', arguments: { id: 1 } } },
      },
      paused: false,
    });
    const { source } = await weir.run(SourceDetailsDocument, { name: 'zoo' });
    expect(source?.policy).toMatchObject({ deadlineMs: 700, retries: null, cache: null });
    expect(source?.operations.find(({ name }) => name === 'dog')?.policy?.fallback).toEqual({
      value: null,
      operation: 'pet',
      arguments: { id: 1 },
    });

    await weir.run(SetPolicyDocument, { source: 'zoo', operation: 'pet', policy: {} });
    expect(Object.keys(weir.kind.connections[0]?.settings.operationPolicies ?? {})).toEqual(['dog']);
    expect(weir.graph.current.number).toBe(number);
  });

  test('the policies of a definition belong to its revision; those that are set are laid over them', async () => {
    const operations = [{ operation: 'pet', policy: { retries: 5, deadlineMs: 900 } }];
    await weir.run(SetPolicyDocument, { source: 'zoo', operation: 'pet', policy: { retries: 1 } });
    await weir.run(ReviseSourceDocument, { input: { name: 'zoo', ...rest(PETS, { operations }) } });
    expect(weir.kind.connections[0]?.settings.operationPolicies).toEqual({ pet: { retries: 1 } });
    await publish();
    expect(weir.kind.connections[1]?.settings.operationPolicies).toEqual({ pet: { retries: 1, deadlineMs: 900 } });
    await weir.run(SetPolicyDocument, { source: 'zoo', operation: 'pet', policy: {} });
    expect(weir.kind.connections[1]?.settings.operationPolicies).toEqual({ pet: { retries: 5, deadlineMs: 900 } });
    const { source } = await weir.run(SourceDetailsDocument, { name: 'zoo' });
    expect(source?.operations[0]?.policy).toMatchObject({ retries: 5, deadlineMs: 900 });
  });

  test('another visibility is a new version for the callers it concerns; other words are not', async () => {
    const { number } = weir.graph.current;
    await weir.run(UpdateSourceDocument, { input: { name: 'zoo', title: 'The zoo', tags: ['pets', 'pets'] } });
    expect(weir.graph.current.number).toBe(number);
    expect((await weir.query('{ zoo { pet } }', consumer)).errors).toBeDefined();
    await weir.run(UpdateSourceDocument, { input: { name: 'zoo', visibility: 'SHARED', title: null } });
    expect(weir.graph.current.number).toBe(number + 1);
    expect((await weir.query('{ zoo { pet } }', consumer)).data).toEqual({ zoo: { pet: 'zoo@1.pet' } });
    const { source } = await weir.run(SourceDetailsDocument, { name: 'zoo' });
    expect(source).toMatchObject({ title: null, tags: ['pets'], visibility: 'SHARED' });
    expect(weir.kind.connections).toHaveLength(1);
  });
});
