import { describe, expect, test } from '@jest/globals';
import { auditDetail } from '../../src/registry/audit-detail.ts';
import { Secret } from '../../src/sources/index.ts';

describe('the detail of an audit row', () => {
  test('is plain JSON, with secrets and bytes hidden at any depth', () => {
    const secret = new Secret('t0p');
    const detail = auditDetail({
      secret,
      list: [secret, { deep: [secret] }],
      map: new Map([['k', secret]]),
      bytes: Buffer.from('t0p'),
      at: new Date(0),
      never: new Date(Number.NaN),
      big: 10n,
      nan: Number.NaN,
      none: undefined,
      call: () => 't0p',
      error: new TypeError('bad'),
    });
    expect(JSON.stringify(detail)).not.toContain('t0p');
    expect(detail).toEqual({
      secret: '[secret]',
      list: ['[secret]', { deep: ['[secret]'] }],
      map: [['k', '[secret]']],
      bytes: '[3 bytes]',
      at: '1970-01-01T00:00:00.000Z',
      never: 'Invalid Date',
      big: '10',
      nan: 'NaN',
      call: '[function]',
      error: 'TypeError: bad',
    });
  });

  test('ends, however deep or round it is', () => {
    const round: Record<string, unknown> = {};
    round.self = round;
    expect(JSON.stringify(auditDetail(round))).toContain('[deeper]');
  });
});
