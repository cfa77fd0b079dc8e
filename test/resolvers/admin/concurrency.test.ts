import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WeirError } from '../../../src/errors/index.ts';
import {
  DeprecateSourceDocument,
  PauseSourceDocument,
  PublishSourceDocument,
  RegisterSourceDocument,
  ReviseSourceDocument,
  SetPolicyDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, PETS_WITH_CAT, rest } from './support/documents.ts';
import { type Harness, startHarness } from './support/harness.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

const outcomes = (results: readonly PromiseSettledResult<unknown>[]): readonly string[] =>
  results.map((result) => (result.status === 'fulfilled' ? 'ok' : ((result.reason as WeirError).code ?? 'unknown')));

describe('two mutations on one source at once', () => {
  test('registering: one wins', async () => {
    const register = () => weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    const results = await Promise.allSettled([register(), register(), register()]);
    expect(outcomes(results).toSorted()).toEqual(['CONFLICT', 'CONFLICT', 'ok']);
    expect((await weir.registry.auditLog(10, undefined)).totalCount).toBe(1);
  });

  test('publishing: one wins, and there is one new version and one open connection', async () => {
    await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    const { number } = weir.graph.current;
    const publish = () => weir.run(PublishSourceDocument, { name: 'zoo' });
    const results = await Promise.allSettled([publish(), publish(), publish(), publish()]);
    expect(outcomes(results).toSorted()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'ok']);
    expect(weir.graph.current.number).toBe(number + 1);
    expect(weir.kind.open).toHaveLength(1);
  });

  test('the second is told at once, while the first still reads', async () => {
    await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    const gate = Promise.withResolvers<void>();
    weir.kind.readGate = gate.promise;
    const revising = weir.run(ReviseSourceDocument, { input: { name: 'zoo', ...rest(PETS_WITH_CAT) } });
    const others = await Promise.allSettled([
      weir.run(PublishSourceDocument, { name: 'zoo' }),
      weir.run(SetPolicyDocument, { source: 'zoo', policy: { retries: 0 } }),
    ]);
    expect(outcomes(others)).toEqual(['CONFLICT', 'CONFLICT']);
    gate.resolve();
    expect((await revising).reviseSource.latestRevision).toBe(2);
    expect((await weir.run(PublishSourceDocument, { name: 'zoo' })).publishSource.live).toEqual({ number: 2 });
  });

  test('a lock is given back after a failure', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await weir.refused(RegisterSourceDocument, { input: { name: 'zoo', ...rest('bad: all of it') } });
      expect(error.code).toBe('INVALID_DEFINITION');
    }
  });

  test('a row that somebody else changed underneath is a conflict, and nothing is swapped', async () => {
    await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
    const { number } = weir.graph.current;
    const compose = weir.graph.compose.bind(weir.graph);
    weir.graph.compose = async (members) => {
      const record = await weir.registry.source('zoo');
      await weir.registry.changeSource(
        'zoo',
        record?.version ?? 0,
        { title: 'Other' },
        { actor: { id: 'x', name: 'Another process' }, action: 'updateSource' },
      );
      return compose(members);
    };
    expect((await weir.refused(PublishSourceDocument, { name: 'zoo' })).code).toBe('CONFLICT');
    expect(weir.graph.current.number).toBe(number);
    expect(weir.kind.open).toHaveLength(0);
  });
});

describe('mutations on different sources at once', () => {
  const names = ['ape', 'bear', 'cow', 'deer', 'elk', 'fox', 'gnu', 'hen'];

  test('all win, and no version loses another one’s change', async () => {
    await Promise.all(names.map((name) => weir.run(RegisterSourceDocument, { input: { name, ...rest(PETS) } })));
    const { number } = weir.graph.current;
    await Promise.all(names.map((name) => weir.run(PublishSourceDocument, { name })));
    expect([...weir.graph.current.members.keys()].toSorted()).toEqual(names);
    expect(weir.graph.current.number).toBe(number + names.length);

    await Promise.all([
      ...names.slice(0, 4).map((name) => weir.run(DeprecateSourceDocument, { name, reason: 'Gone soon.' })),
      ...names.slice(4).map((name) => weir.run(PauseSourceDocument, { name })),
    ]);
    const members = [...weir.graph.current.members.values()];
    expect(members.filter(({ deprecation }) => deprecation !== undefined).map(({ name }) => name)).toEqual(
      names.slice(0, 4),
    );
    expect(
      weir.kind.open
        .filter(({ settings }) => settings.paused)
        .map(({ services }) => services.name)
        .toSorted(),
    ).toEqual(names.slice(4));
  });

  test('one that cannot be composed does not stop those behind it', async () => {
    for (const name of ['ape', 'bear']) {
      await weir.run(RegisterSourceDocument, { input: { name, rest: { document: PETS, namespace: 'same' } } });
    }
    await weir.run(RegisterSourceDocument, { input: { name: 'cow', ...rest(PETS) } });
    const results = await Promise.allSettled(
      ['ape', 'bear', 'cow'].map((name) => weir.run(PublishSourceDocument, { name })),
    );
    expect(outcomes(results).toSorted()).toEqual(['COMPOSITION_FAILED', 'ok', 'ok']);
    expect(weir.kind.open).toHaveLength(2);
  });

  test('every request while publishing is served', async () => {
    await weir.run(RegisterSourceDocument, { input: { name: 'ape', ...rest(PETS) } });
    await weir.run(PublishSourceDocument, { name: 'ape' });
    let publishing = true;
    const answers: unknown[] = [];
    const load = (async () => {
      while (publishing) {
        answers.push(await weir.query('{ ape { pet } }'));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let round = 0; round < 10; round++) {
      await weir.run(ReviseSourceDocument, { input: { name: 'ape', ...rest(PETS) } });
      await weir.run(PublishSourceDocument, { name: 'ape' });
    }
    publishing = false;
    await load;
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.filter((answer) => (answer as { errors?: unknown }).errors !== undefined)).toEqual([]);
  });
});
