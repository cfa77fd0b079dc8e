import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AuditLogDocument,
  IsolateEndpointDocument,
  PublishSourceDocument,
  RegisterSourceDocument,
  ResetBreakerDocument,
  SourceDriftDocument,
} from '../../support/generated/admin-api.ts';
import { PETS, rest } from './support/documents.ts';
import { consumer, type Harness, startHarness } from './support/harness.ts';
import type { TestConnection } from './support/test-kind.ts';

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness();
  await weir.run(RegisterSourceDocument, { input: { name: 'zoo', ...rest(PETS) } });
});
afterEach(() => weir.close());

/** Publishes the zoo, whose upstream has the endpoints 0 and 2. */
async function publish(): Promise<TestConnection> {
  await weir.run(PublishSourceDocument, { name: 'zoo' });
  const connection = weir.kind.open.at(-1);
  if (connection === undefined) throw new Error('expected a connection');
  connection.endpoints = [0, 2];
  return connection;
}

describe('levers of an endpoint', () => {
  test('reach the running connection, and leave an entry in the audit log each', async () => {
    const connection = await publish();
    for (const isolated of [true, false]) {
      const { isolateEndpoint } = await weir.run(IsolateEndpointDocument, { source: 'zoo', endpoint: 2, isolated });
      expect(isolateEndpoint).toMatchObject({ name: 'zoo', state: 'PUBLISHED' });
    }
    await weir.run(ResetBreakerDocument, { source: 'zoo', endpoint: 0 });
    expect(connection.levers).toEqual([
      ['isolate', 2, true],
      ['isolate', 2, false],
      ['reset', 0],
    ]);
    const { nodes } = (await weir.run(AuditLogDocument, { first: 3 })).auditLog;
    expect(nodes).toMatchObject([
      { action: 'resetBreaker', target: 'source:zoo', detail: { endpoint: 0 } },
      { action: 'isolateEndpoint', target: 'source:zoo', detail: { endpoint: 2, isolated: false } },
      { action: 'isolateEndpoint', target: 'source:zoo', detail: { endpoint: 2, isolated: true } },
    ]);
  });

  test('of a number that is not there are NOT_FOUND, with the numbers that are', async () => {
    const connection = await publish();
    for (const endpoint of [1, -1, 3]) {
      const error = await weir.refused(IsolateEndpointDocument, { source: 'zoo', endpoint, isolated: true });
      expect(error).toMatchObject({ code: 'NOT_FOUND', extensions: { endpoints: [0, 2] } });
      expect(error.message).toContain('there are 0, 2');
      expect((await weir.refused(ResetBreakerDocument, { source: 'zoo', endpoint })).code).toBe('NOT_FOUND');
    }
    expect(connection.levers).toEqual([]);
  });

  test('need a source that is there, and in the graph', async () => {
    const nobody = { source: 'nobody', endpoint: 0 };
    expect((await weir.refused(ResetBreakerDocument, nobody)).code).toBe('NOT_FOUND');
    const draft = await weir.refused(IsolateEndpointDocument, { source: 'zoo', endpoint: 0, isolated: true });
    expect(draft.code).toBe('CONFLICT');
    expect(draft.message).toContain('DRAFT');
  });

  test('are not pulled when that cannot be audited', async () => {
    const connection = await publish();
    weir.registry.audit = () => Promise.reject(new Error('the disk is full'));
    await expect(weir.run(ResetBreakerDocument, { source: 'zoo', endpoint: 0 })).rejects.toThrow('the disk is full');
    expect(connection.levers).toEqual([]);
  });

  test('are for admins', async () => {
    await publish();
    const error = await weir.refused(ResetBreakerDocument, { source: 'zoo', endpoint: 0 }, consumer);
    expect(error.code).toBe('FORBIDDEN');
  });
});

describe('drift', () => {
  test('is shown as its connection counts it, and no more than asked for', async () => {
    expect((await weir.run(SourceDriftDocument, { name: 'zoo' })).source?.drift).toEqual([]);
    const connection = await publish();
    connection.drifts = [9, 4].map((count) => {
      const what = { operation: 'pets', place: `$[*].n${count}`, expected: 'an integer', received: 'a string' };
      return { ...what, count, lastSeenAt: weir.clock.now() };
    });
    const { source } = await weir.run(SourceDriftDocument, { name: 'zoo', first: 1 });
    expect(source?.drift).toEqual([
      {
        operation: 'pets',
        path: '$[*].n9',
        expected: 'an integer',
        received: 'a string',
        count: 9,
        lastAt: new Date(weir.clock.now()).toISOString(),
      },
    ]);
    expect((await weir.refused(SourceDriftDocument, { name: 'zoo', first: 501 })).code).toBe('BAD_USER_INPUT');
  });
});
