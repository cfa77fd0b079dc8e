import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../support/fault-server.ts';
import { type Faults, goodThing, SECRET, served, startFaults } from './harness.ts';

let faults: Faults;

beforeAll(async () => {
  faults = await startFaults();
});
beforeEach(() => faults.heal());
afterAll(() => faults.close());

/** Where silence is the fault, the time is short. */
const QUICK = { attemptTimeoutMs: 60, deadlineMs: 1_000, retries: 1 };
/** Everything else is settled by the upstream itself, which must not lose a race against time on a busy machine. */
const PATIENT = { attemptTimeoutMs: 5_000, deadlineMs: 10_000, retries: 1 };
const INVALID = 'UPSTREAM_INVALID_RESPONSE';
const body = goodThing('/things/one', 'primary');

/** What is injected, the failure where there is nothing else, and what a source with a backup does. */
const FAULTS: readonly (readonly [name: string, fault: Fault, failure: string, backed: string])[] = [
  ['silence', { kind: 'silent' }, 'UPSTREAM_TIMEOUT http_response_timeout', 'BACKUP'],
  ['a slow drip', { kind: 'drip', everyMs: 20, body }, 'UPSTREAM_TIMEOUT connection_read_timeout', 'BACKUP'],
  ['a reset', { kind: 'reset' }, 'UPSTREAM_ERROR connection_terminated', 'BACKUP'],
  ['a reset in the body', { kind: 'reset', when: 'in-body', body }, `${INVALID} http_response_incomplete`, 'BACKUP'],
  ['a truncated body', { kind: 'truncate', body }, `${INVALID} http_response_incomplete`, 'BACKUP'],
  ['garbage', { kind: 'garbage' }, `${INVALID} http_protocol_error`, 'BACKUP'],
  ['a header flood', { kind: 'header-flood' }, `${INVALID} http_response_header_section_size`, 'BACKUP'],
  [
    'a page',
    { kind: 'answer', headers: { 'content-type': 'text/html' }, body: SECRET },
    `${INVALID} http_protocol_error`,
    'BACKUP',
  ],
  ['JSON cut short', { kind: 'answer', body: `{"name":"${SECRET}` }, `${INVALID} http_protocol_error`, 'BACKUP'],
  [
    'two codings',
    { kind: 'encoded', encodings: ['gzip', 'gzip'], body },
    `${INVALID} http_response_content_coding`,
    'BACKUP',
  ],
  ['503', { kind: 'answer', status: 503, body: SECRET }, 'UPSTREAM_ERROR destination_unavailable', 'BACKUP'],
  ['429', { kind: 'answer', status: 429, body: SECRET }, 'UPSTREAM_OVERLOADED http_request_denied', 'BACKUP'],
  [
    '200 MB',
    { kind: 'huge', framing: 'length' },
    `${INVALID} http_response_body_size`,
    `FAILED ${INVALID} http_response_body_size`,
  ],
  [
    'a gzip bomb',
    { kind: 'bomb', encoding: 'gzip', bytes: 4_000_000 },
    `${INVALID} http_response_body_size`,
    `FAILED ${INVALID} http_response_body_size`,
  ],
  [
    'a list for an object',
    { kind: 'answer', body: [SECRET] },
    `${INVALID} http_protocol_error`,
    `FAILED ${INVALID} http_protocol_error`,
  ],
];

describe.each(FAULTS)('%s', (name, fault, failure, backed) => {
  test('costs one field, on every rung', async () => {
    const prefix = `f${FAULTS.findIndex(([one]) => one === name)}`;
    await faults.publish(prefix, { policy: failure.startsWith('UPSTREAM_TIMEOUT') ? QUICK : PATIENT });
    faults.primary.behave(fault);
    const answer = await faults.ask(prefix);
    expect(served(answer, `${prefix}cold`)).toBe(`FAILED ${failure}`);
    expect(served(answer, `${prefix}backed`)).toBe(backed);
    expect(served(answer, `${prefix}warm`)).toBe('STALE');
    expect(served(answer, `${prefix}declared`)).toBe('FALLBACK');
    expect(answer.status).toBe(200);
    expect(answer.data).toMatchObject({
      [`${prefix}cold`]: { getThing: null },
      [`${prefix}warm`]: { getThing: { name: 'primary' } },
      [`${prefix}declared`]: { getThing: { name: 'declared' } },
      sibling: { getThing: { name: 'sibling' } },
    });
    const text = JSON.stringify([answer.data, answer.errors, answer.extensions]);
    for (const inside of [SECRET, '127.0.0.1', `${faults.primary.port}`]) expect(text).not.toContain(inside);
  });
});

test('a port that is closed', async () => {
  const url = faults.backup.url.replace(/\d+$/, '1'); // nobody listens there
  await faults.publish('closed', { policy: QUICK, roles: ['cold', 'backed', 'declared'], primaryUrl: url });
  const answer = await faults.ask('closed', ['cold', 'backed', 'declared']);
  expect(served(answer, 'closedcold')).toBe('FAILED NO_HEALTHY_UPSTREAM connection_refused');
  expect(served(answer, 'closedbacked')).toBe('BACKUP');
  expect(served(answer, 'closeddeclared')).toBe('FALLBACK');
});

test('404 is an answer: no older one takes its place', async () => {
  await faults.publish('gone', { policy: QUICK });
  faults.primary.behave({ kind: 'answer', status: 404, body: SECRET });
  const answer = await faults.ask('gone');
  for (const role of ['cold', 'backed', 'warm', 'declared']) {
    expect(served(answer, `gone${role}`)).toBe('FAILED UPSTREAM_REJECTED http_request_error');
  }
});
