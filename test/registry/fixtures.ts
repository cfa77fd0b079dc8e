import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Change,
  type NewProvider,
  type NewRevision,
  type NewSource,
  openRegistry,
  type Registry,
} from '../../src/registry/index.ts';
import { type Clock, systemRandom } from '../../src/runtime/index.ts';
import { Secret } from '../../src/sources/index.ts';
import { FakeClock } from '../support/fake-clock.ts';

type NewLink = Parameters<Registry['addLink']>[0];

export const encryptionKey = Buffer.alloc(32, 7);

export const actor = { id: 'key01', name: 'the tester' };

export function change(action: string, detail?: Readonly<Record<string, unknown>>): Change {
  return { actor, action, ...(detail === undefined ? {} : { detail }) };
}

export function newRevision(over: Partial<NewRevision> = {}): NewRevision {
  return {
    definition: { endpoints: [{ url: 'http://127.0.0.1:1' }] },
    sdl: 'type Query { pet: String }',
    warnings: [],
    changes: [],
    note: undefined,
    ...over,
  };
}

export function newSource(name: string, over: Partial<NewSource> = {}): NewSource {
  return {
    name,
    kind: 'REST',
    title: undefined,
    description: undefined,
    tags: [],
    team: undefined,
    visibility: 'PRIVATE',
    policy: {},
    operationPolicies: {},
    revision: newRevision(),
    ...over,
  };
}

export function newLink(id: string, over: Partial<NewLink> = {}): NewLink {
  return {
    id,
    source: 'petstore',
    type: 'Pet',
    field: 'owner',
    description: 'Whose it is.',
    target: 'people',
    operation: 'listPeople',
    arguments: [
      { name: 'ids', from: 'FIELD', field: 'ownerId' },
      { name: 'at', from: 'VALUE', value: { __proto: [null, 1.5] } },
      { name: 'locale', from: 'ARGUMENT', argument: 'language' },
    ],
    select: 'page.items',
    ...over,
  };
}

export function newProvider(name: string, over: Partial<NewProvider> = {}): NewProvider {
  return {
    name,
    kind: 'OPENAI_COMPATIBLE',
    baseUrl: 'http://127.0.0.1:1/v1',
    credential: { type: 'apiKey', apiKey: new Secret(`key of ${name}`) },
    headers: [
      { name: 'x-team', value: 'blue' },
      { name: 'x-token', value: new Secret(`header of ${name}`) },
    ],
    options: {},
    models: [{ name: 'small', contextTokens: 8_000, inputs: ['text'], prices: { input: 0.25, output: 1 } }],
    ...over,
  };
}

export interface TemporaryRegistry {
  readonly dataDir: string;
  readonly clock: FakeClock;
  open(over?: {
    readonly encryptionKey?: Buffer;
    readonly clock?: Clock;
    readonly lockWaitMs?: number;
  }): Promise<Registry>;
  remove(): void;
}

/** A data folder of its own, and the way to open a registry in it. */
export function temporaryRegistry(): TemporaryRegistry {
  const root = mkdtempSync(join(tmpdir(), 'weir-registry-'));
  const dataDir = join(root, 'data');
  const clock = new FakeClock();
  return {
    dataDir,
    clock,
    open: (over = {}) => openRegistry({ dataDir, encryptionKey, clock, random: systemRandom, lockWaitMs: 0, ...over }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The code of the WeirError a promise is rejected with; what else happens fails the test that asks. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return 'resolved';
  } catch (error: unknown) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
