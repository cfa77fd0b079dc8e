import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEgressGuard } from '../../../src/upstream/egress/index.ts';

const strict = createEgressGuard({ allow: [], allowPrivate: false });
const development = createEgressGuard({ allow: [], allowPrivate: true });
/** Lists everything there is: what it refuses is refused by all. */
const everything = createEgressGuard({ allow: ['0.0.0.0/0', '::/0', 'metadata.google.internal'], allowPrivate: true });

describe('public addresses', () => {
  test.each([
    'https://api.example.com/v1',
    'http://93.184.216.34:8080/',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/',
    'https://xn--bcher-kva.example/',
    'https://[64:ff9b::5db8:d822]/', // NAT64 of 93.184.216.34
    'https://[::ffff:93.184.216.34]/',
  ])('%s passes', (url) => expect(strict.checkUrl(url)).toBeUndefined());
});

describe('never, in every spelling, even when listed', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/', // decimal
    'http://0xa9fea9fe/',
    'http://0xa9.0xfe.0xa9.0xfe/',
    'http://0251.0376.0251.0376/', // octal
    'http://169.254.43518/', // short
    'http://169.16689662/',
    'http://169.254.169.254./',
    'http://１６９。２５４。１６９。２５４/', // full-width digits and dots
    'http://①⑥⑨.254.169.254/',
    'http://%31%36%39.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
    'http://[::a9fe:a9fe]/', // IPv4-compatible
    'http://[::ffff:0:a9fe:a9fe]/', // translated
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::a9fe:a9fe]/',
    'http://[64:ff9b:1:a9fe:a9:fe00::]/',
    'http://[2002:a9fe:a9fe::1]/', // 6to4
    'http://[2001:0:a9fe:a9fe::5db8:d822]/', // Teredo server
    'http://[2001:0:5db8:d822::5601:5601]/', // Teredo client, inverted
    'http://[2606:2800::5efe:a9fe:a9fe]/', // ISATAP
    'http://[fe80::1]/',
    'http://[febf:ffff::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fd20:ce::254]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://0.0.0.0/',
    'http://0/',
    'http://0.1.2.3/',
    'http://[::]/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[ff02::1]/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://METADATA.google.internal./',
    'http://metadata/',
    'http://instance-data/',
  ])('%s', (url) => expect(everything.checkUrl(url)).toMatch(/^must not lead to a link-local, metadata/));
});

describe('private only when allowed or listed', () => {
  test.each([
    'http://127.0.0.1:4000/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://localhost/',
    'http://api.LOCALHOST./',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://10.0.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://[fc00::1]/',
    'http://[2002:0a00:0001::]/',
  ])('%s', (url) => {
    expect(strict.checkUrl(url)).toMatch(/^must lead to a public address or to one listed/);
    expect(development.checkUrl(url)).toBeUndefined();
    expect(everything.checkUrl(url)).toBeUndefined();
  });

  test.each([
    'http://192.0.2.1/', // documentation
    'http://198.18.0.1/', // benchmarking
    'http://240.0.0.1/',
    'http://[2001:db8::1]/',
    'http://[fec0::1]/', // deprecated site-local
    'http://[100::1]/', // discard
    'http://[4000::1]/', // not assigned
    'http://[64:ff9b:1::5db8:d822]/', // local-use NAT64
  ])('%s needs to be listed', (url) => {
    expect(development.checkUrl(url)).toMatch(/^must lead to a public address or to one listed/);
    expect(everything.checkUrl(url)).toBeUndefined();
  });
});

describe('the allow list', () => {
  const listed = createEgressGuard({
    allow: ['10.1.0.0/16', '127.0.0.1', 'fd12::/32', 'API.internal', '*.svc.cluster.local'],
    allowPrivate: false,
  });

  test('holds ranges, addresses and hosts', () => {
    expect(listed.checkUrl('http://10.1.255.1/')).toBeUndefined();
    expect(listed.checkUrl('http://10.2.0.1/')).toBeDefined();
    expect(listed.checkUrl('http://127.1/')).toBeUndefined();
    expect(listed.checkUrl('http://127.0.0.2/')).toBeDefined();
    expect(listed.checkUrl('http://localhost/')).toBeUndefined();
    expect(listed.checkUrl('http://[::ffff:10.1.0.1]/')).toBeUndefined();
    expect(listed.checkUrl('http://[fd12::5]/')).toBeUndefined();
  });

  test('a listed host may be at a private address, but never at a link-local one', () => {
    expect(listed.checkAddress('api.internal', '192.168.0.1')).toBeUndefined();
    expect(listed.checkAddress('api.internal.', '192.168.0.1')).toBeUndefined();
    expect(listed.checkAddress('pets.svc.cluster.local', '10.9.0.1')).toBeUndefined();
    expect(listed.checkAddress('svc.cluster.local', '10.9.0.1')).toBeDefined();
    expect(listed.checkAddress('evilapi.internal', '192.168.0.1')).toBeDefined();
    expect(listed.checkAddress('api.internal', '169.254.169.254')).toBeDefined();
    expect(listed.checkAddress('api.internal', '::ffff:169.254.169.254')).toBeDefined();
  });

  test.each(['', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', 'http://a.example', 'a b', '1.2.3', '*.', 'fe80::%eth0'])(
    'refuses the entry %j, naming it',
    (entry) => expect(() => createEgressGuard({ allow: [entry], allowPrivate: false })).toThrow(JSON.stringify(entry)),
  );
});

describe('URLs', () => {
  test.each([
    ['ftp://example.com/', /scheme is ftp:/],
    ['file:///etc/passwd', /scheme is file:/],
    ['https://user:secret@example.com/', /user name or password/],
    ['https://user@example.com/', /user name or password/],
    ['http://example.com:0/', /port 0/],
    ['http://[fe80::1%25eth0]/', /absolute URL with a valid host/],
    ['http://example.com:99999/', /absolute URL/],
    ['/relative', /absolute URL/],
    ['http://', /absolute URL/],
    ['http://1.2.3.4.5/', /absolute URL/],
  ])('%s is refused', (url, message) => {
    expect(everything.checkUrl(url)).toMatch(message);
    expect(everything.checkUrl(url)).not.toContain('secret');
  });
});

test.each(['fe80::1%eth0', '127.1', '2130706433', 'localhost', '', '0x7f000001'])(
  'checkAddress takes only addresses as sockets print them: %j',
  (address) => expect(everything.checkAddress('example.com', address)).toMatch(/must be an IP address/),
);

test('no carrier of an IPv4 address is judged better than that address', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte, byte), fc.boolean(), (parts, allowPrivate) => {
      const guard = createEgressGuard({ allow: [], allowPrivate });
      const hex = Buffer.from(parts).toString('hex');
      const [high, low] = [hex.slice(0, 4), hex.slice(4)];
      const bare = guard.checkUrl(`http://${parts.join('.')}/`);
      for (const carrier of [`::ffff:${high}:${low}`, `64:ff9b::${high}:${low}`, `2002:${high}:${low}::1`]) {
        if (bare !== undefined) expect(guard.checkAddress('x.example', carrier)).toBeDefined();
        else expect(guard.checkAddress('x.example', carrier)).toBeUndefined();
      }
      const spellings = [`http://${Number.parseInt(hex, 16)}/`, `http://0x${hex}/`];
      for (const spelling of spellings) expect(guard.checkUrl(spelling)).toBe(bare);
    }),
  );
});
