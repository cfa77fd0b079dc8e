import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consistencyKeyFrom, createConsistencyTokens, type Writes } from '../../src/server/consistency-tokens.ts';
import { FakeClock } from '../support/fake-clock.ts';

const clock = new FakeClock();
const key = consistencyKeyFrom(Buffer.alloc(32, 1));
const open = (with_ = key) =>
  createConsistencyTokens({ key: with_, clock, random: { next: Math.random, bytes: randomBytes } });
const here = open();
const wrote = (source: string, at: number, by = here): Writes => new Map([[source, { at, writer: by.writer }]]);

describe('a consistency token', () => {
  test('brings back what was written where, by the clock of who wrote', () => {
    const now = clock.now();
    const back = here.read(here.issue(wrote('shop', now - 5)));
    expect({ ...here.notOlderThan(back) }).toEqual({ shop: now - 5 });
    expect(here.read(undefined).size).toBe(0);
  });

  test('never says an earlier time than the write was at', () => {
    const back = here.read(here.issue(wrote('shop', clock.now() - 4.3)));
    expect(here.notOlderThan(back).shop).toBeGreaterThanOrEqual(clock.now() - 4.3);
  });

  test('of another process allows for its clock, and for no more than that', () => {
    const there = open();
    const now = clock.now();
    const { shop } = here.notOlderThan(here.read(there.issue(wrote('shop', now - 5_000, there))));
    expect(shop).toBe(now - 4_000);
    const future = here.read(there.issue(wrote('shop', now + 60_000, there)));
    expect(here.notOlderThan(future).shop).toBe(now + 1_000);
  });

  test('can go on into another token without growing older or newer', () => {
    const there = open();
    let writes = here.read(here.issue(wrote('shop', clock.now() - 9_000)));
    for (let i = 0; i < 20; i++) writes = there.read(there.issue(here.read(here.issue(writes))));
    expect(here.notOlderThan(writes).shop).toBe(clock.now() - 9_000);
  });

  test('is bounded, and keeps the latest', () => {
    const many = new Map(Array.from({ length: 500 }, (_, i) => [`s${i}`, { at: clock.now() - i, writer: 'w' }]));
    const token = here.issue(many);
    expect(token.length).toBeLessThan(4_000);
    const back = here.read(token);
    expect(back.has('s0') && !back.has('s499')).toBe(true);
  });

  test('that this key has not signed is refused, whatever it is', () => {
    const token = here.issue(wrote('shop', clock.now()));
    const [payload = '', signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify([['shop', clock.now() + 1e12, 'w']])).toString('base64url');
    const refused = [
      '',
      'junk',
      payload,
      `${payload}.`,
      `${payload}.${signature}.`,
      `${forged}.${signature}`,
      `${token}, ${token}`,
      `x${token}`,
      `${payload}.${signature.slice(0, -2)}`,
      'a'.repeat(100_000),
      open(consistencyKeyFrom(Buffer.alloc(32, 2))).issue(wrote('shop', clock.now())),
    ];
    for (const text of refused) {
      expect(() => here.read(text)).toThrow(
        expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_REQUEST' }) }),
      );
    }
    expect(() => here.read([token, token])).toThrow();
    fc.assert(fc.property(fc.string(), (text) => expect(() => here.read(text)).toThrow('weir-consistency')));
  });

  test('is no way into the prototype', () => {
    const times = here.notOlderThan(here.read(here.issue(wrote('constructor', clock.now()))));
    expect(times.constructor).toBe(clock.now());
    expect(times.toString).toBeUndefined();
  });
});
