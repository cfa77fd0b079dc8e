import { describe, expect, test } from '@jest/globals';
import { failureFromStatus } from '../../../src/upstream/http/status.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('failureFromStatus', () => {
  test.each([200, 201, 204, 206, 300, 301, 302, 304, 308])('%i is no failure', (status) => {
    expect(failureFromStatus(status, {}, now)).toBeUndefined();
  });

  test.each<[number, string, boolean, boolean]>([
    [400, 'UPSTREAM_REJECTED', false, false],
    [401, 'UPSTREAM_REJECTED', false, false],
    [404, 'UPSTREAM_REJECTED', false, false],
    [408, 'UPSTREAM_TIMEOUT', true, true],
    [422, 'UPSTREAM_REJECTED', false, false],
    [429, 'UPSTREAM_OVERLOADED', true, false],
    [499, 'UPSTREAM_REJECTED', false, false],
    [500, 'UPSTREAM_ERROR', true, true],
    [501, 'UPSTREAM_ERROR', false, true],
    [502, 'UPSTREAM_ERROR', true, true],
    [503, 'UPSTREAM_ERROR', true, true],
    [504, 'UPSTREAM_ERROR', true, true],
    [505, 'UPSTREAM_ERROR', false, true],
    [599, 'UPSTREAM_ERROR', true, true],
  ])('%i is %s, retryable %s, counts against health %s', (status, code, retryable, countsAgainstHealth) => {
    const failure = failureFromStatus(status, {}, now);
    expect(failure).toMatchObject({ code, retryable, countsAgainstHealth, status, neverLeft: false });
    expect(failure?.retryAfterMs).toBeUndefined();
  });

  test.each([
    [429, '7', 7000],
    [503, 'Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    [503, '86400', 300_000],
    [429, 'junk', undefined],
  ])('%i with Retry-After %s asks for %s ms', (status, value, expected) => {
    expect(failureFromStatus(status, { 'retry-after': value }, now)?.retryAfterMs).toBe(expected);
  });
});
