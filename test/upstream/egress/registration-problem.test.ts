import { expect, test } from '@jest/globals';
import { registrationProblem } from '../../../src/upstream/egress/index.ts';
import { failures } from '../../../src/upstream/http/failures.ts';
import { failureFromStatus } from '../../../src/upstream/http/status.ts';

test('what is refused, closed, silent, unknown or not allowed looks alike, and names no address', () => {
  const unlike = [
    failures.refused('10.0.0.1:80', new Error('ECONNREFUSED')),
    failures.terminated(false, true, new Error('reset')),
    failures.connectTimeout('10.0.0.1:80', 1000),
    failures.timeout('sent', 1000),
    failures.dns('inside.example', false, new Error('ENOTFOUND')),
    failures.prohibited('must not lead to 10.0.0.1'),
    failures.protocol(new Error('SSH-2.0')),
  ];
  expect(new Set(unlike.map(registrationProblem))).toEqual(new Set(['could not be reached']));
});

test('what the upstream itself said may be told', () => {
  const notFound = failureFromStatus(404, {}, 0);
  expect(notFound && registrationProblem(notFound)).toBe('answered with HTTP status 404');
  expect(registrationProblem(failures.tls('x', true, new Error('expired')))).toMatch(/certificate/);
});
