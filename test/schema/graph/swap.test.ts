import { describe, expect, jest, test } from '@jest/globals';
import { createGraphResolvers } from '../../../src/resolvers/graph/index.ts';
import { createGraph, type Graph, type GraphLease, type GraphMember } from '../../../src/schema/index.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { type FakeConnection, fakeConnection, fakeMember } from './fake-member.ts';

const emptyGraph = (): Promise<Graph> =>
  createGraph({ admin: undefined, resolvers: createGraphResolvers(), clock: new FakeClock() });

const member = (name: string, connection: FakeConnection): GraphMember =>
  fakeMember({ name, connection, sdl: `schema { query: ${name}Query } type ${name}Query { a: Int }` });

describe('swap', () => {
  test('takes effect at once, counts versions and tells listeners, of whom one may fail', async () => {
    const graph = await emptyGraph();
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const seen: number[] = [];
    graph.onSwap(() => {
      throw new Error('listener');
    });
    const stop = graph.onSwap((version) => seen.push(version.number));
    const stale = await graph.compose([]);
    const first = await graph.compose([member('a', fakeConnection())]);
    graph.swap(first);
    expect(graph.current).toBe(first);
    graph.swap(stale);
    // Composed before the other was swapped in, swapped in after it: versions still only grow.
    expect([first.number, stale.number]).toEqual([1, 2]);
    stop();
    graph.swap(await graph.compose([]));
    expect(seen).toEqual([1, 2]);
    warn.mockRestore();
  });

  test('composing closes nothing and swaps nothing', async () => {
    const graph = await emptyGraph();
    const connection = fakeConnection();
    await graph.compose([member('a', connection)]);
    await settle();
    expect(graph.current.members.size).toBe(0);
    expect(connection.closes).toBe(0);
  });

  test('a request keeps its version and its connections until it lets go of them', async () => {
    const graph = await emptyGraph();
    const [shared, old, next] = [fakeConnection(), fakeConnection(), fakeConnection()];
    graph.swap(await graph.compose([member('a', shared), member('b', old)]));
    const [lease, other] = [graph.lease(), graph.lease()];
    graph.swap(await graph.compose([member('a', shared), member('b', next)]));
    await settle();
    expect(lease.version.members.get('b')?.connection).toBe(old);
    expect([shared.closes, old.closes, next.closes]).toEqual([0, 0, 0]);
    lease.release();
    lease.release();
    await settle();
    expect(old.closes).toBe(0);
    other.release();
    await settle();
    expect([shared.closes, old.closes, next.closes]).toEqual([0, 1, 0]);
  });

  test('without leases what is no longer referred to is closed by the swap', async () => {
    const graph = await emptyGraph();
    const connection = fakeConnection();
    graph.swap(await graph.compose([member('a', connection)]));
    graph.lease().release();
    graph.swap(await graph.compose([]));
    await settle();
    expect(connection.closes).toBe(1);
  });

  test('a version whose connection is closed is refused, and the graph stays as it is', async () => {
    const graph = await emptyGraph();
    const a = member('a', fakeConnection());
    const old = await graph.compose([a]);
    graph.swap(old);
    graph.swap(await graph.compose([]));
    const current = graph.current;
    expect(() => graph.swap(old)).toThrow('open connections');
    expect(graph.current).toBe(current);
  });

  test('a connection that fails to close does not keep others from closing', async () => {
    const graph = await emptyGraph();
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const [bad, good] = [fakeConnection(), fakeConnection()];
    bad.close = () => Promise.reject(new Error('stuck'));
    graph.swap(await graph.compose([member('a', bad), member('b', good)]));
    graph.swap(await graph.compose([]));
    await settle();
    expect(good.closes).toBe(1);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test('close waits for every connection, leased or not, and ends publishing', async () => {
    const graph = await emptyGraph();
    let finish = (): void => undefined;
    const slow = fakeConnection();
    slow.close = () => {
      slow.closes++;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    graph.swap(await graph.compose([member('a', slow)]));
    const lease = graph.lease();
    const next = await graph.compose([]);
    let closed = false;
    const closing = graph.close().then(() => {
      closed = true;
    });
    await settle();
    expect([slow.closes, closed]).toEqual([1, false]);
    finish();
    await closing;
    lease.release();
    await graph.close();
    expect(slow.closes).toBe(1);
    expect(() => graph.swap(next)).toThrow('closed');
  });

  test('200 publications under requests close exactly the right connections, once each', async () => {
    const graph = await emptyGraph();
    const random = seededRandom(7);
    const connections: FakeConnection[] = [];
    const leases = new Set<GraphLease>();
    let members = new Map<string, GraphMember>();
    const inUse = (): Set<unknown> => {
      const versions = [graph.current, ...[...leases].map((lease) => lease.version)];
      return new Set(versions.flatMap((version) => [...version.members.values()].map((m) => m.connection)));
    };

    for (let publication = 0; publication < 200; publication++) {
      const name = `s${Math.floor(random.next() * 5)}`;
      members = new Map(members);
      if (random.next() < 0.2) {
        members.delete(name);
      } else {
        const connection = fakeConnection();
        connections.push(connection);
        members.set(name, member(name, connection));
      }
      graph.swap(await graph.compose([...members.values()]));
      for (let request = 0; request < 3; request++) leases.add(graph.lease());
      for (const lease of [...leases]) {
        if (random.next() < 0.4) {
          leases.delete(lease);
          lease.release();
        }
      }
      await settle();
      const used = inUse();
      expect(connections.map((c) => c.closes)).toEqual(connections.map((c) => (used.has(c) ? 0 : 1)));
    }
    expect(graph.current.number).toBe(200);
    for (const lease of leases) lease.release();
    leases.clear();
    await graph.close();
    expect(connections.every((c) => c.closes === 1)).toBe(true);
    expect(connections.length).toBeGreaterThan(100);
  });
});

describe('changes since a version', () => {
  test('are told in sum, for the versions that are kept', async () => {
    const graph = await emptyGraph();
    const connection = fakeConnection();
    graph.swap(await graph.compose([member('a', connection)]));
    graph.swap(await graph.compose([member('a', connection), member('b', connection)]));
    graph.swap(await graph.compose([member('b', connection)]));
    expect(await graph.changesSince(3)).toEqual([]);
    expect((await graph.changesSince(2))?.map(({ criticality, path }) => [criticality, path])).toEqual([
      ['BREAKING', 'aQuery'],
      ['BREAKING', 'Query.a'],
    ]);
    expect((await graph.changesSince(1))?.map(({ path }) => path)).toEqual(['aQuery', 'Query.a', 'bQuery', 'Query.b']);
    expect(await graph.changesSince(4)).toBeUndefined();
  });

  test('of more than fifty versions ago are forgotten', async () => {
    const graph = await emptyGraph();
    for (let i = 0; i < 60; i++) graph.swap(await graph.compose([]));
    expect(await graph.changesSince(10)).toBeUndefined();
    expect(await graph.changesSince(11)).toEqual([]);
  });
});
