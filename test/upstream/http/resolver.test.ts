import { describe, expect, test } from '@jest/globals';
import { createResolver } from '../../../src/upstream/http/resolver.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { failureOf } from './client-fixture.ts';

type Answer = readonly string[] | Error | 'hang';

function setUp(options: { maxHosts?: number } = {}) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const dns = { answer: ['192.0.2.1'] as Answer, aborted: 0 };
  const resolver = createResolver({
    clock,
    ...options,
    lookup(host, signal) {
      asked.push(host);
      if (dns.answer === 'hang') {
        signal.addEventListener('abort', () => {
          dns.aborted += 1;
        });
        return new Promise(() => {});
      }
      return dns.answer instanceof Error ? Promise.reject(dns.answer) : Promise.resolve(dns.answer);
    },
  });
  return { clock, asked, dns, resolver };
}

const MINUTE = 60_000;

describe('resolver', () => {
  test('asks once for all who wait, and not again while the answer is fresh', async () => {
    const { asked, resolver, clock } = setUp();
    const answers = await Promise.all([resolver.resolve('a.example'), resolver.resolve('a.example')]);
    expect(answers).toEqual([['192.0.2.1'], ['192.0.2.1']]);
    await clock.advance(4999);
    await resolver.resolve('a.example');
    expect(asked).toEqual(['a.example']);
    await clock.advance(1);
    await resolver.resolve('a.example');
    expect(asked).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test.each<[string, Answer]>([
    ['fails', new Error('SERVFAIL')],
    ['answers nothing', []],
  ])('gives the last good answer for an hour when DNS %s', async (_name, answer) => {
    const { dns, resolver, clock } = setUp();
    await resolver.resolve('a.example');
    dns.answer = answer;
    await clock.advance(60 * MINUTE);
    expect(await resolver.resolve('a.example')).toEqual(['192.0.2.1']);
    await clock.advance(MINUTE);
    expect((await failureOf(resolver.resolve('a.example'))).reason).toBe('dns_error');
    dns.answer = ['192.0.2.2'];
    expect(await resolver.resolve('a.example')).toEqual(['192.0.2.2']);
  });

  test('waits for a hanging DNS once in a while, not at every connection', async () => {
    const { asked, dns, resolver, clock } = setUp();
    await resolver.resolve('a.example');
    dns.answer = 'hang';
    await clock.advance(5000);
    const waiting = resolver.resolve('a.example');
    await clock.advance(1000);
    expect(await waiting).toEqual(['192.0.2.1']);
    expect(dns.aborted).toBe(1);
    expect(await resolver.resolve('a.example')).toEqual(['192.0.2.1']); // at once: no time passes here
    expect(asked).toHaveLength(2);
  });

  test('without a last good answer a hanging DNS is a timeout', async () => {
    const { dns, resolver, clock } = setUp();
    dns.answer = 'hang';
    const failing = failureOf(resolver.resolve('a.example'));
    await clock.advance(1000);
    expect(await failing).toMatchObject({ reason: 'dns_timeout', neverLeft: true, retryable: true });
  });

  test('remembers a bounded number of hosts', async () => {
    const { asked, dns, resolver } = setUp({ maxHosts: 2 });
    for (const host of ['a', 'b', 'c']) await resolver.resolve(`${host}.example`);
    dns.answer = new Error('gone');
    expect(await resolver.resolve('c.example')).toEqual(['192.0.2.1']);
    expect((await failureOf(resolver.resolve('a.example'))).reason).toBe('dns_error');
    expect(asked).toHaveLength(4);
  });
});
