import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Faults, goodThing, SECRET, served, startFaults } from './harness.ts';

let faults: Faults;

beforeAll(async () => {
  faults = await startFaults();
});
beforeEach(() => faults.heal());
afterAll(() => faults.close());

const asked = (method = 'GET'): number => faults.primary.requests.filter((one) => one.method === method).length;

describe('the breaker', () => {
  test('opens after five failures in a row, and then no call goes out', async () => {
    await faults.publish('brk', { roles: ['cold'], policy: { retries: 0 } });
    faults.primary.behave({ kind: 'answer', status: 503, body: SECRET });
    for (let i = 0; i < 5; i++) {
      expect(served(await faults.ask('brk', ['cold']), 'brkcold')).toBe(
        'FAILED UPSTREAM_ERROR destination_unavailable',
      );
    }
    const before = asked();
    const answer = await faults.ask('brk', ['cold']);
    expect(served(answer, 'brkcold')).toBe('FAILED NO_HEALTHY_UPSTREAM circuit_open');
    expect(answer.errors[0]?.extensions).toMatchObject({ retryable: true, attempts: 0 });
    expect(answer.errors[0]?.extensions.retryAfterMs).toBeGreaterThan(1_000);
    expect(asked()).toBe(before);
  });

  test('stays closed when the upstream refuses single requests', async () => {
    await faults.publish('rej', { roles: ['cold'] });
    faults.primary.behave({ kind: 'answer', status: 403, body: SECRET });
    for (let i = 0; i < 12; i++) await faults.ask('rej', ['cold']);
    faults.heal();
    expect(served(await faults.ask('rej', ['cold']), 'rejcold')).toBe('FRESH');
  });
});

describe('429', () => {
  test.each([
    ['seconds', () => '30', 20_000, 30_000],
    ['a date', () => new Date(Date.now() + 60_000).toUTCString(), 50_000, 60_000],
    ['a year', () => '31536000', 290_000, 300_000],
  ])('with Retry-After in %s: the upstream is left alone for so long', async (name, retryAfter, least, most) => {
    const prefix = `w${name.replaceAll(' ', '')}`;
    await faults.publish(prefix, { roles: ['cold'], policy: { retries: 0 } });
    faults.primary.behave({ kind: 'answer', status: 429, headers: { 'retry-after': retryAfter() } });
    await faults.ask(prefix, ['cold']);
    const before = asked();
    const answer = await faults.ask(prefix, ['cold']);
    expect(asked()).toBe(before);
    expect(answer.errors[0]?.extensions.code).toBe('UPSTREAM_OVERLOADED');
    expect(answer.errors[0]?.extensions.retryAfterMs).toBeGreaterThan(least);
    expect(answer.errors[0]?.extensions.retryAfterMs).toBeLessThanOrEqual(most);
  });

  test('with junk: it is as if there were none', async () => {
    await faults.publish('wjunk', { roles: ['cold'], policy: { retries: 0 } });
    faults.primary.next({ kind: 'answer', status: 429, headers: { 'retry-after': 'soon' } });
    expect((await faults.ask('wjunk', ['cold'])).errors[0]?.extensions).not.toHaveProperty('retryAfterMs');
    expect(served(await faults.ask('wjunk', ['cold']), 'wjunkcold')).toBe('FRESH');
  });
});

describe('the deadline', () => {
  test('ends a call that the attempt timeout would let go on', async () => {
    await faults.publish('dead', { roles: ['cold'], policy: { deadlineMs: 80, attemptTimeoutMs: 5_000 } });
    faults.primary.behave({ kind: 'silent' });
    const answer = await faults.ask('dead', ['cold']);
    expect(served(answer, 'deadcold')).toBe('FAILED DEADLINE_EXCEEDED http_response_timeout');
    await faults.primary.until((server) => server.openSockets === 0);
  });
});

describe('clients that leave', () => {
  const send = (id: string, signal?: AbortSignal) =>
    fetch(`${faults.weir.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ leftcold { getThing(id: "${id}") { id name } } }` }),
      ...(signal === undefined ? {} : { signal }),
    });

  beforeAll(() => faults.publish('left', { roles: ['cold'] }));

  test('the only one: the call to the upstream ends', async () => {
    faults.primary.behave({ kind: 'silent' });
    const leaving = new AbortController();
    const before = asked();
    const gone = send('alone', leaving.signal).catch(() => 'gone');
    await faults.primary.until(() => asked() > before);
    leaving.abort();
    expect(await gone).toBe('gone');
    await faults.primary.until((server) => server.openSockets === 0);
  });

  test('the first of two: the call goes on for the other', async () => {
    const answer = Promise.withResolvers<void>();
    faults.primary.behave((request) => ({
      kind: 'gate',
      until: answer.promise,
      fault: { kind: 'answer', body: goodThing(request.path, 'primary') },
    }));
    const leaving = new AbortController();
    const before = asked();
    const gone = send('shared', leaving.signal).catch(() => 'gone');
    await faults.primary.until(() => asked() > before);
    const second = send('shared');
    await fetch(`${faults.weir.url}/health`); // by now the second is waiting too
    leaving.abort();
    expect(await gone).toBe('gone');
    answer.resolve();
    const { data } = (await (await second).json()) as { data: unknown };
    expect(data).toEqual({ leftcold: { getThing: { id: 'shared', name: 'primary' } } });
  });
});

describe('writes', () => {
  const make = (source: string) =>
    faults.weir.query(`mutation { ${source} { makeThing { name } } }`, {}, { 'weir-trace': '1' });

  test('one whose connection is reset may have arrived: it is not sent again, to nobody', async () => {
    await faults.publish('wr', { roles: ['backed'] });
    await faults.ask('wr', ['backed']);
    faults.primary.behave({ kind: 'reset' });
    const before = asked('POST');
    expect(served(await make('wrbacked'), 'wrbacked')).toBe('FAILED UPSTREAM_ERROR connection_terminated');
    expect(asked('POST')).toBe(before + 1);
    expect(faults.backup.requests.filter((one) => one.method === 'POST')).toHaveLength(0);
  });

  test('one that provably did not leave goes to the backup', async () => {
    const url = faults.backup.url.replace(/\d+$/, '1'); // nobody listens there
    await faults.publish('wn', { roles: ['backed'], primaryUrl: url });
    expect(served(await make('wnbacked'), 'wnbacked')).toBe('BACKUP');
  });
});

test('a paused source is not called, and goes down the ladder', async () => {
  await faults.publish('pause');
  for (const role of ['cold', 'backed', 'warm', 'declared']) {
    await faults.weir.admin(`mutation { pauseSource(name: "pause${role}") { name } }`);
  }
  const before = faults.primary.requests.length;
  const answer = await faults.ask('pause');
  expect(served(answer, 'pausecold')).toBe('FAILED NO_HEALTHY_UPSTREAM source_paused');
  expect(served(answer, 'pausebacked')).toBe('FAILED NO_HEALTHY_UPSTREAM source_paused');
  expect(served(answer, 'pausewarm')).toBe('STALE');
  expect(served(answer, 'pausedeclared')).toBe('FALLBACK');
  expect(faults.primary.requests).toHaveLength(before);
});

test('kept connections that are reset under a read cost nothing', async () => {
  await faults.publish('keep', { roles: ['cold'], policy: { retries: 0 } });
  faults.primary.behave((request) =>
    request.ofConnection === 1 ? { kind: 'answer', body: goodThing(request.path, 'primary') } : { kind: 'reset' },
  );
  for (let i = 0; i < 20; i++) {
    const answer = await faults.ask('keep', ['cold'], `k${i}`);
    expect(answer.data.keepcold.getThing).toEqual({ id: `k${i}`, name: 'primary' });
  }
});

test('fields of one request that ask the same are one call', async () => {
  await faults.publish('herd', { roles: ['cold'] });
  const fields = Array.from({ length: 15 }, (_, i) => `t${i}: getThing(id: "herd") { name }`).join(' ');
  const before = asked();
  const { data, errors } = await faults.weir.query(`{ herdcold { ${fields} } }`);
  expect(errors).toEqual([]);
  expect(Object.keys(data.herdcold)).toHaveLength(15);
  expect(asked()).toBe(before + 1);
});
