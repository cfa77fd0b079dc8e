import { describe, expect, test } from '@jest/globals';
import { toDate } from '../../../src/schema/admin/index.ts';

describe('a time as an argument', () => {
  test.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T12:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:05', '2026-01-31T12:00:05.000Z'],
    ['2026-01-31T12:00:05.25', '2026-01-31T12:00:05.250Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T12:00:00.5-0530', '2026-01-31T17:30:00.500Z'],
  ])('%s means %s, wherever the process runs', (text, moment) => {
    expect(toDate(text).toISOString()).toBe(moment);
  });
});
