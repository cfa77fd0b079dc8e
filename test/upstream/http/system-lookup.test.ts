import { expect, test } from '@jest/globals';
import { findInHosts, systemLookup } from '../../../src/upstream/http/system-lookup.ts';

const { signal } = new AbortController();

test('localhost and what is below it is known without asking anybody', async () => {
  expect(await systemLookup('localhost', signal)).toEqual(['127.0.0.1', '::1']);
  expect(await systemLookup('api.localhost', signal)).toContain('127.0.0.1');
});

test('the hosts file gives every address of a name', () => {
  const hosts = `
# 192.0.2.9 pets.example
127.0.0.1\tlocalhost
192.0.2.1   pets.example  Pets   # the primary
2001:db8::1 pets.example
192.0.2.2 notpets.example
192.0.2.3`;
  expect(findInHosts(hosts, 'pets.example')).toEqual(['192.0.2.1', '2001:db8::1']);
  expect(findInHosts(hosts, 'pets')).toEqual(['192.0.2.1']);
  expect(findInHosts(hosts, 'example')).toEqual([]);
  expect(findInHosts('', 'pets')).toEqual([]);
});
