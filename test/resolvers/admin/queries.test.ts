import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AuditLogDocument,
  GraphChangesDocument,
  GraphNowDocument,
  PublishSourceDocument,
  RegisterSourceDocument,
  ReviseSourceDocument,
  SourceDetailsDocument,
  SourcesDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, PETS_WITH_CAT, rest } from './support/documents.ts';
import { type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

const register = (name: string, more: object = {}) =>
  weir.run(RegisterSourceDocument, { input: { name, ...more, ...rest(PETS) } });

describe('sources', () => {
  test('come in pages, by name, each once', async () => {
    for (const name of ['elk', 'ape', 'cow', 'bear', 'deer']) await register(name);
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page++) {
      const { sources }: { sources: { nodes: readonly { name: string }[]; pageInfo: { endCursor: string | null } } } =
        await weir.run(SourcesDocument, { first: 2, after });
      seen.push(...sources.nodes.map(({ name }) => name));
      after = sources.pageInfo.endCursor;
      expect(sources).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: page < 2 } });
    }
    expect(seen).toEqual(['ape', 'bear', 'cow', 'deer', 'elk']);
    const { sources } = await weir.run(SourcesDocument, { first: 2, after });
    expect(sources).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });

  test('are found by state, kind, tag and text', async () => {
    await register('ape', { title: 'Great APES', tags: ['primates'] });
    await register('bear');
    await weir.run(PublishSourceDocument, { name: 'bear' });
    const found = async (filter: object) =>
      (await weir.run(SourcesDocument, { filter })).sources.nodes.map(({ name }) => name);
    expect(await found({ states: ['PUBLISHED'] })).toEqual(['bear']);
    expect(await found({ kinds: ['REST'], states: null })).toEqual(['ape', 'bear']);
    expect(await found({ kinds: ['PROMPT'] })).toEqual([]);
    expect(await found({ tag: 'primates' })).toEqual(['ape']);
    expect(await found({ search: 'great apes' })).toEqual(['ape']);
  });

  test.each([
    { first: 0 },
    { first: -1 },
    { first: 201 },
    { after: 'nonsense' },
    { after: Buffer.from('audit:1').toString('base64url') },
  ])('with %j are refused', async (variables) => {
    expect((await weir.refused(SourcesDocument, variables)).code).toBe('BAD_USER_INPUT');
  });
});

describe('a source', () => {
  test('shows its revisions, newest first, and its operations with their places', async () => {
    await register('zoo');
    await weir.run(PublishSourceDocument, { name: 'zoo' });
    await weir.run(ReviseSourceDocument, { input: { name: 'zoo', note: 'Cats!', ...rest(PETS_WITH_CAT) } });
    const { source } = await weir.run(SourceDetailsDocument, { name: 'zoo' });
    expect(source?.revisions).toMatchObject([
      {
        number: 2,
        live: false,
        note: 'Cats!',
        createdBy: 'k-admin',
        changes: [{ criticality: 'SAFE', path: 'ZooQuery.cat' }],
      },
      { number: 1, live: true, note: null, changes: [] },
    ]);
    expect(source?.live?.sdl).toContain('type ZooQuery');
    expect(source?.operations.map(({ name, field, kind }) => [name, field, kind])).toEqual([
      ['pet', 'Query.zoo.pet', 'QUERY'],
      ['dog', 'Query.zoo.dog', 'QUERY'],
      ['adopt', 'Mutation.zoo.adopt', 'MUTATION'],
    ]);
  });

  test('filters its operations', async () => {
    await register('zoo');
    const operations = async (args: string) => {
      const { source } = await weir.run<{ source: { operations: { name: string }[] } }, object>(
        `{ source(name: "zoo") { operations(${args}) { name } } }`,
      );
      return source.operations.map(({ name }) => name);
    };
    expect(await operations('filter: { kind: MUTATION }')).toEqual(['adopt']);
    expect(await operations('filter: { search: "DO" }')).toEqual(['dog', 'adopt']);
    expect(await operations('first: 1')).toEqual(['pet']);
  });

  test('is described once, however often it is looked at', async () => {
    await register('zoo');
    const { describes } = weir.kind;
    for (let look = 0; look < 3; look++) await weir.run(SourceDetailsDocument, { name: 'zoo' });
    await weir.run(PublishSourceDocument, { name: 'zoo' });
    expect(weir.kind.describes).toBe(describes + 1);
  });

  test('of an unknown name is null', async () => {
    expect((await weir.run(SourceDetailsDocument, { name: 'nobody' })).source).toBeNull();
  });
});

describe('the graph', () => {
  test('tells its version, its text, and what changed since an earlier version', async () => {
    const first = (await weir.run(GraphNowDocument)).graph;
    await register('zoo');
    await weir.run(PublishSourceDocument, { name: 'zoo' });
    const { graph } = await weir.run(GraphNowDocument);
    expect(graph.version).toBe(first.version + 1);
    expect(graph.sdl).toContain('zoo: ZooQuery');
    expect(graph.sdl).not.toContain('registerSource');
    expect(graph.composedAt).toBe(new Date(weir.clock.now()).toISOString());
    const { changes } = (await weir.run(GraphChangesDocument, { since: first.version })).graph;
    expect(changes.length).toBeGreaterThan(0);
    expect((await weir.run(GraphChangesDocument, { since: graph.version })).graph.changes).toEqual([]);
    expect((await weir.refused(GraphChangesDocument, { since: 4711 })).code).toBe('NOT_FOUND');
  });
});

describe('the audit log', () => {
  test('has an entry for each mutation that went through, newest first, in pages, without definitions', async () => {
    await register('zoo');
    await weir.refused(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    await weir.run(PublishSourceDocument, { name: 'zoo' });
    const first = (await weir.run(AuditLogDocument, { first: 1 })).auditLog;
    expect(first).toMatchObject({
      totalCount: 2,
      nodes: [{ action: 'publishSource', target: 'source:zoo', actor: { id: 'k-admin', name: 'Ada' } }],
      pageInfo: { hasNextPage: true },
    });
    const second = (await weir.run(AuditLogDocument, { first: 1, after: first.pageInfo.endCursor })).auditLog;
    expect(second.nodes.map(({ action }) => action)).toEqual(['registerSource']);
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect(JSON.stringify([first, second])).not.toContain('type Query');
    for (const after of ['audit:x', 'audit:-1', 'audit:1e3', 'source:zoo']) {
      const cursor = Buffer.from(after).toString('base64url');
      expect((await weir.refused(AuditLogDocument, { after: cursor })).code).toBe('BAD_USER_INPUT');
    }
  });
});
