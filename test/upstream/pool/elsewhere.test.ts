import { expect, test } from '@jest/globals';
import type { UpstreamFailureInit } from '../../../src/errors/index.ts';
import { endpoint, failure, harness } from './harness.ts';

/** As a model says of a request that another model may still take. */
const ELSEWHERE: Partial<UpstreamFailureInit> = {
  code: 'CONTEXT_TOO_LONG',
  reason: 'http_request_error',
  retryable: false,
  elsewhere: true,
  countsAgainstHealth: false,
};

test('what is no use here, but may be elsewhere, is tried once at each endpoint, in order, without a wait', async () => {
  const h = harness([endpoint(0), endpoint(1, 1), endpoint(2, 2)]);
  const tooLong = failure(ELSEWHERE);
  for (const number of [0, 1]) {
    h.behaviours.set(number, () => {
      throw tooLong;
    });
  }
  expect(await h.call()).toMatchObject({ ok: true, value: 2, failure: tooLong });
  expect(h.sent).toEqual([0, 1, 2]);
  expect(h.pool.health().endpoints.map(({ state }) => state)).not.toContain('DOWN');
});

test('with nowhere else to go it ends the call', async () => {
  const h = harness([endpoint(0)]);
  h.behaviours.set(0, () => {
    throw failure(ELSEWHERE);
  });
  expect(await h.call()).toMatchObject({ ok: false, failure: { code: 'CONTEXT_TOO_LONG' } });
  expect(h.sent).toEqual([0]);
});

test('a refusal goes nowhere', async () => {
  const h = harness([endpoint(0), endpoint(1, 1)]);
  h.behaviours.set(0, () => {
    throw failure({ ...ELSEWHERE, code: 'MODEL_REFUSED', elsewhere: false });
  });
  expect(await h.call()).toMatchObject({ ok: false, failure: { code: 'MODEL_REFUSED' } });
  expect(h.sent).toEqual([0]);
});
