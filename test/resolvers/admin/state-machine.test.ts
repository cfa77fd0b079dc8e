import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DeleteSourceDocument,
  DeprecateSourceDocument,
  PauseSourceDocument,
  PublishSourceDocument,
  RegisterSourceDocument,
  ResumeSourceDocument,
  RetireSourceDocument,
  ReviseSourceDocument,
  RollbackSourceDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, PETS_WITH_CAT, PETS_WITHOUT_DOG, rest } from './support/documents.ts';
import { type Harness, startHarness } from './support/harness.ts';

const DOCUMENTS = [PETS, PETS_WITHOUT_DOG, PETS_WITH_CAT];
const FIELDS = [3, 2, 4];

type Command =
  | { readonly do: 'register' | 'revise'; readonly document: number }
  | { readonly do: 'publish'; readonly revision: number | undefined; readonly accept: boolean }
  | { readonly do: 'rollback'; readonly revision: number }
  | { readonly do: 'deprecate' | 'retire' | 'delete' | 'pause' | 'resume' | 'restart' };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('register', 'revise'), document: fc.nat(2) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      revision: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      accept: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rollback' as const), revision: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('deprecate', 'retire', 'delete', 'pause', 'resume', 'restart') }),
  },
);

/** What the rules of the lifecycle say, written down a second time and as plainly as possible. */
interface Model {
  source:
    | {
        state: 'DRAFT' | 'PUBLISHED' | 'DEPRECATED' | 'RETIRED';
        /** Document by number. */
        revisions: Map<number, number>;
        live: number | undefined;
        paused: boolean;
      }
    | undefined;
  version: number;
  /** The last number that was given to a revision of this name; deleting a source does not take it back. */
  latest: number;
}

function expected(model: Model, command: Command): string {
  const { source } = model;
  if (command.do === 'restart') {
    // The new process counts from its first graph, the restored one.
    model.version = 1;
    return 'ok';
  }
  if (command.do === 'register') {
    if (source !== undefined) return 'CONFLICT';
    model.latest++;
    model.source = {
      state: 'DRAFT',
      revisions: new Map([[model.latest, command.document]]),
      live: undefined,
      paused: false,
    };
    return 'ok';
  }
  if (source === undefined) return 'NOT_FOUND';
  const inGraph = source.state === 'PUBLISHED' || source.state === 'DEPRECATED';
  switch (command.do) {
    case 'revise':
      model.latest++;
      source.revisions.set(model.latest, command.document);
      return 'ok';
    case 'publish': {
      const revision = command.revision ?? model.latest;
      if (source.state === 'PUBLISHED' && source.live === revision) return 'CONFLICT';
      if (!source.revisions.has(revision)) return 'NOT_FOUND';
      const before = source.live === undefined ? 0 : (FIELDS[source.revisions.get(source.live) ?? 0] ?? 0);
      const after = FIELDS[source.revisions.get(revision) ?? 0] ?? 0;
      if (before > after && !command.accept) return 'BREAKING_CHANGE';
      Object.assign(source, { state: 'PUBLISHED', live: revision });
      break;
    }
    case 'rollback':
      if (!inGraph) return 'CONFLICT';
      if (!source.revisions.has(command.revision)) return 'NOT_FOUND';
      if (command.revision >= (source.live ?? 0)) return 'CONFLICT';
      source.live = command.revision;
      break;
    case 'deprecate':
      if (source.state !== 'PUBLISHED') return 'CONFLICT';
      source.state = 'DEPRECATED';
      break;
    case 'retire':
      if (source.state !== 'DEPRECATED') return 'CONFLICT';
      Object.assign(source, { state: 'RETIRED', live: undefined });
      break;
    case 'delete':
      if (inGraph) return 'CONFLICT';
      model.source = undefined;
      return 'ok';
    case 'pause':
    case 'resume':
      if (!inGraph) return 'CONFLICT';
      source.paused = command.do === 'pause';
      return 'ok';
  }
  model.version++;
  return 'ok';
}

let weir: Harness | undefined;
afterEach(async () => {
  await weir?.close();
  weir = undefined;
});

async function perform(on: Harness, command: Command): Promise<unknown> {
  const name = 'zoo';
  switch (command.do) {
    case 'register':
      return on.run(RegisterSourceDocument, { input: { name, ...rest(DOCUMENTS[command.document] ?? '') } });
    case 'revise':
      return on.run(ReviseSourceDocument, { input: { name, ...rest(DOCUMENTS[command.document] ?? '') } });
    case 'publish':
      return on.run(PublishSourceDocument, {
        name,
        revision: command.revision ?? null,
        acceptBreaking: command.accept,
      });
    case 'rollback':
      return on.run(RollbackSourceDocument, { name, toRevision: command.revision });
    case 'deprecate':
      return on.run(DeprecateSourceDocument, { name, reason: 'Use park.' });
    case 'retire':
      return on.run(RetireSourceDocument, { name });
    case 'delete':
      return on.run(DeleteSourceDocument, { name });
    case 'pause':
      return on.run(PauseSourceDocument, { name });
    case 'resume':
      return on.run(ResumeSourceDocument, { name });
    case 'restart':
      weir = await on.restart();
      return undefined;
  }
}

async function check(on: Harness, model: Model): Promise<void> {
  const stored = await on.registry.source('zoo');
  const { source } = model;
  expect(on.graph.current.number).toBe(model.version);
  expect(on.graph.current.members.get('zoo')?.revision).toBe(source?.live);
  expect(on.kind.open).toHaveLength(source?.live === undefined ? 0 : 1);
  if (source === undefined) {
    expect(stored).toBeUndefined();
    return;
  }
  expect(stored).toMatchObject({
    state: source.state,
    paused: source.paused,
    latestRevision: model.latest,
    liveRevision: source.live,
  });
  if (source.live !== undefined) {
    expect(on.kind.open[0]?.settings.paused).toBe(source.paused);
    const answer = await on.query('{ zoo { pet } }');
    expect(answer.data).toEqual({ zoo: { pet: `zoo@${source.live}.pet` } });
  }
}

describe('the life of a source', () => {
  test('follows the rules whatever order the mutations come in, and over restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 14 }), async (commands) => {
        await weir?.close();
        weir = await startHarness();
        const model: Model = { source: undefined, version: 1, latest: 0 };
        for (const next of commands) {
          const should = expected(model, next);
          const did = await perform(weir, next).then(
            () => 'ok',
            (error: { code?: string; message: string }) => error.code ?? error.message,
          );
          expect([next, did]).toEqual([next, should]);
          await check(weir, model);
        }
      }),
      { numRuns: 25, seed: 20_260_101 },
    );
  }, 60_000);
});
