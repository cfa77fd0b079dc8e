import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  DeprecateSourceDocument,
  PauseSourceDocument,
  PublishSourceDocument,
  RegisterSourceDocument,
  ReviseSourceDocument,
  SetPolicyDocument,
  SourceHealthDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, PETS_WITH_CAT, rest } from './support/documents.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { TestKind } from './support/test-kind.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
});
afterEach(() => weir.close());

async function publish(name: string, more: object = {}): Promise<void> {
  await weir.run(RegisterSourceDocument, { input: { name, ...rest(PETS, more) } });
  await weir.run(PublishSourceDocument, { name });
}

describe('a restart', () => {
  test('brings back exactly what was acknowledged', async () => {
    await publish('ape');
    await publish('bear');
    await weir.run(ReviseSourceDocument, { input: { name: 'ape', ...rest(PETS_WITH_CAT) } });
    await weir.run(DeprecateSourceDocument, { name: 'bear', reason: 'Gone soon.' });
    await weir.run(PauseSourceDocument, { name: 'ape' });
    await weir.run(SetPolicyDocument, { source: 'ape', operation: 'pet', policy: { retries: 0 } });
    await weir.run(RegisterSourceDocument, { input: { name: 'draft', ...rest(PETS) } });
    const before = await weir.snapshot();
    const { sdl } = weir.graph.current;

    weir = await weir.restart();
    expect(weir.graph.current.sdl).toBe(sdl);
    expect(await weir.snapshot()).toEqual({ ...(before as object), version: 1 });
    expect([...weir.graph.current.members].map(([name, member]) => [name, member.revision])).toEqual([
      ['ape', 1],
      ['bear', 1],
    ]);
    expect(weir.kind.open[0]?.settings).toEqual({
      policy: {},
      operationPolicies: { pet: { retries: 0 } },
      paused: true,
    });
    expect((await weir.query('{ bear { pet } }')).data).toEqual({ bear: { pet: 'bear@1.pet' } });
    expect(weir.events).toEqual([{ type: 'restored', sources: 2, leftOut: 0 }]);
  });

  test('leaves out what cannot be described or connected, says so, and serves the rest', async () => {
    for (const name of ['ape', 'bear', 'cow']) await publish(name);
    const kind = new TestKind();
    kind.failToDescribe.add('ape');
    kind.failToConnect.add('cow');
    weir = await weir.restart(kind);

    expect([...weir.graph.current.members.keys()]).toEqual(['bear']);
    expect((await weir.query('{ bear { pet } }')).data).toEqual({ bear: { pet: 'bear@1.pet' } });
    expect(weir.events).toMatchObject([
      { type: 'leftOut', source: 'ape', revision: 1, reason: 'cannot describe ape' },
      { type: 'leftOut', source: 'cow', revision: 1, reason: 'cannot connect cow' },
      { type: 'restored', sources: 1, leftOut: 2 },
    ]);
    const { source } = await weir.run(SourceHealthDocument, { name: 'ape' });
    expect(source?.health).toMatchObject({
      state: 'UNKNOWN',
      since: null,
      problem: expect.stringContaining('cannot describe ape'),
    });

    // Its state is still PUBLISHED; publishing the same revision tries again, and can still fail.
    await expect(weir.run(PublishSourceDocument, { name: 'ape' })).rejects.toThrow('cannot describe ape');
    kind.failToDescribe.clear();
    expect((await weir.run(PublishSourceDocument, { name: 'ape' })).publishSource.live).toEqual({ number: 1 });
    expect((await weir.query('{ ape { pet } }')).data).toEqual({ ape: { pet: 'ape@1.pet' } });
    expect((await weir.run(SourceHealthDocument, { name: 'ape' })).source?.health.problem).toBeNull();
  });

  test('leaves out what does not compose any more, and closes its connection', async () => {
    for (const name of ['ape', 'bear', 'cow']) await publish(name);
    const kind = new TestKind();
    const describeWell = kind.describe.bind(kind);
    kind.describe = async (definition, name) => ({
      ...(await describeWell(definition, name)),
      namespace: name === 'bear' ? 'ape' : name,
    });
    weir = await weir.restart(kind);
    expect([...weir.graph.current.members.keys()].toSorted()).toEqual(['ape', 'cow']);
    expect(weir.kind.open.map(({ services }) => services.name)).toEqual(['ape', 'cow']);
    expect((await weir.run(SourceHealthDocument, { name: 'bear' })).source?.health.problem).toContain(
      'not in the graph',
    );
  });

  test('of an empty registry serves an empty graph', async () => {
    weir = await weir.restart();
    expect(weir.events).toEqual([{ type: 'restored', sources: 0, leftOut: 0 }]);
    expect((await weir.query('{ me { kind } }')).data).toEqual({ me: { kind: 'KEY' } });
  });
});
