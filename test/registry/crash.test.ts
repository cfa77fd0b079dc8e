import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { AuditEntry, Registry } from '../../src/registry/index.ts';
import { Secret } from '../../src/sources/index.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { temporaryRegistry } from './fixtures.ts';

const KILLS = 10;

/** What the audit log says there must be: the other half of every change. */
interface Expected {
  state: string;
  live: number | undefined;
  revisions: number[];
  version: number;
  lastRevision: number;
  exists: boolean;
}

interface Replayed {
  readonly sources: Map<string, Expected>;
  readonly keys: Map<string, boolean>;
  /** The marker in every secret of the account, and whether it has a budget. */
  readonly providers: Map<string, { readonly marker: unknown; readonly budget: boolean }>;
}

function replay(log: readonly AuditEntry[]): Replayed {
  const sources = new Map<string, Expected>();
  const keys = new Map<string, boolean>();
  const providers: Replayed['providers'] = new Map();
  for (const { action, target, detail } of log) {
    const name = target.slice(target.indexOf(':') + 1);
    if (target.startsWith('key:')) {
      keys.set(name, action === 'revoke');
      continue;
    }
    if (action.endsWith('Provider') || action === 'setBudget') {
      const account = name.replace('PROVIDER:', '');
      const before = providers.get(account);
      if (action === 'removeProvider') providers.delete(account);
      if (action === 'setProvider') providers.set(account, { marker: detail.marker, budget: before?.budget ?? false });
      if (action === 'setBudget') providers.set(account, { marker: before?.marker, budget: true });
      continue;
    }
    const none = { state: 'DRAFT', live: undefined, revisions: [], version: 0, lastRevision: 0, exists: false };
    const source: Expected = sources.get(name) ?? none;
    sources.set(name, source);
    source.version++;
    if (action === 'add' || action === 'revise') source.revisions.push(++source.lastRevision);
    if (action === 'add') Object.assign(source, { exists: true, state: 'DRAFT', live: undefined });
    if (action === 'change') Object.assign(source, { state: detail.state, live: detail.live ?? undefined });
    if (action === 'delete') Object.assign(source, { exists: false, revisions: [] });
  }
  return { sources, keys, providers };
}

async function wholeLog(registry: Registry): Promise<readonly AuditEntry[]> {
  return [...(await registry.auditLog(1_000_000, undefined)).nodes].reverse();
}

/** Starts a writer, kills it after some acknowledgements and a little more, and returns all it acknowledged. */
async function writeUntilKilled(dataDir: string, seed: number, acknowledgements: number): Promise<readonly string[]> {
  const script = join(import.meta.dirname, 'crash-writer.ts');
  const child = spawn(process.execPath, [script, dataDir, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === acknowledgements) child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  return acknowledged;
}

describe('a process that is killed while it writes', () => {
  const temporary = temporaryRegistry();
  afterAll(() => temporary.remove());

  test(`keeps all it acknowledged and nothing by halves, over ${KILLS} kills`, async () => {
    const random = seededRandom(20_260_101);
    const acknowledged: string[] = [];
    for (let kill = 1; kill <= KILLS; kill++) {
      acknowledged.push(...(await writeUntilKilled(temporary.dataDir, kill, 1 + Math.floor(random.next() * 60))));

      const registry = await temporary.open();
      const log = await wholeLog(registry);
      // Of every writer at most the last write can be there without having been acknowledged.
      let at = 0;
      for (const entry of log) if (`${entry.action} ${entry.target}` === acknowledged[at]) at++;
      expect(at).toBe(acknowledged.length);
      expect(log.length - acknowledged.length).toBeLessThanOrEqual(kill);
      expect(log.map((entry) => entry.id)).toEqual(log.map((_, index) => index + 1));

      const expected = replay(log);
      for (const [name, { exists, state, live, revisions, version }] of expected.sources) {
        const source = await registry.source(name);
        expect([name, source !== undefined]).toEqual([name, exists]);
        if (source !== undefined) expect(source).toMatchObject({ state, version, latestRevision: revisions.at(-1) });
        expect(source?.liveRevision).toBe(exists ? live : undefined);
        const found = await registry.revisions(name);
        expect(found.map((r) => r.number).reverse()).toEqual(revisions);
        for (const revision of found) expect(revision.definition).toHaveProperty('noise');
      }
      expect((await registry.sources({}, 100, undefined)).totalCount).toBe(
        [...expected.sources.values()].filter((source) => source.exists).length,
      );
      const keys = (await registry.keys()).map((key) => [key.id, key.revokedAt !== undefined]);
      expect(keys.sort()).toEqual([...expected.keys].sort());
      const accounts = (await registry.providers()).map(({ name, credential, headers, version }) => {
        const secrets = [credential?.type === 'apiKey' ? credential.apiKey : '', ...headers.map(({ value }) => value)];
        return {
          name,
          version,
          markers: secrets.map((secret) => (secret instanceof Secret ? secret.reveal() : secret)),
        };
      });
      expect(accounts).toEqual(
        [...expected.providers]
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([name, { marker }]) => ({
            name,
            version: log.findLast(({ action, target }) => `${action} ${target}` === `setProvider provider:${name}`)?.id,
            markers: [marker, marker, marker],
          })),
      );
      const budgeted = [...expected.providers].filter(([, { budget }]) => budget).map(([name]) => name);
      expect((await registry.budgets()).map(({ subject }) => subject.id)).toEqual(budgeted.sort());
      await registry.close();

      const database = new DatabaseSync(join(temporary.dataDir, 'registry.db'));
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
      database.close();
    }
    expect(acknowledged.length).toBeGreaterThan(50);
  }, 60_000);
});
