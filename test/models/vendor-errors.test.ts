import { describe, expect, test } from '@jest/globals';
import { failureFromVendor } from '../../src/models/vendor/read-error.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

function read(status: number, body: unknown, headers: Record<string, string> = {}) {
  return failureFromVendor({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, NOW);
}

describe('what vendors say of a failure', () => {
  test.each([
    ['OpenAI', 400, { error: { message: 'x', type: 'invalid_request_error', code: 'context_length_exceeded' } }],
    [
      'Anthropic',
      400,
      {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
      },
    ],
    [
      'Anthropic, by size',
      413,
      { type: 'error', error: { type: 'request_too_large', message: 'Request exceeds the maximum size' } },
    ],
    [
      'Google',
      400,
      {
        error: {
          code: 400,
          status: 'INVALID_ARGUMENT',
          message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).',
        },
      },
    ],
    [
      'Bedrock',
      400,
      { message: 'Input is too long for requested model.' },
      { 'x-amzn-errortype': 'ValidationException' },
    ],
    [
      'Mistral',
      400,
      {
        object: 'error',
        message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
        type: 'invalid_request_error',
      },
    ],
    ['Cohere', 400, { message: 'too many tokens: size limit exceeded by 2031 tokens' }],
    [
      'xAI',
      400,
      {
        code: 'Client specified an invalid argument',
        error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens: context length",
      },
    ],
  ])('the context is too long: %s', (_name, status, body, headers: Record<string, string> = {}) => {
    expect(read(status, body, headers)).toMatchObject({
      code: 'CONTEXT_TOO_LONG',
      retryable: false,
      elsewhere: true,
      countsAgainstHealth: false,
    });
  });

  test.each([
    [
      'OpenAI',
      429,
      { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' } },
    ],
    [
      'Anthropic',
      400,
      {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' },
      },
    ],
    ['DeepSeek', 402, { error: { message: 'Insufficient Balance', type: 'unknown_error' } }],
    ['Bedrock', 400, { message: 'x' }, { 'x-amzn-errortype': 'ServiceQuotaExceededException' }],
    [
      'Google, for the day',
      429,
      { error: { status: 'RESOURCE_EXHAUSTED', message: 'You exceeded your current quota' } },
    ],
  ])('the quota is used up: %s', (_name, status, body, headers: Record<string, string> = {}) => {
    expect(read(status, body, headers)).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      elsewhere: true,
      countsAgainstHealth: true,
    });
  });

  test.each([
    [
      'Azure',
      400,
      { error: { code: 'content_filter', message: 'x', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
    ],
    ['OpenAI', 400, { error: { code: 'content_policy_violation', message: 'x' } }],
    ['Groq', 403, { error: { message: 'flagged by moderation' } }],
  ])('a content filter: %s', (_name, status, body) => {
    expect(read(status, body)).toMatchObject({
      code: 'CONTENT_FILTERED',
      retryable: false,
      elsewhere: false,
      countsAgainstHealth: false,
    });
  });

  test('when to come back: milliseconds, seconds, a date, or in Google’s answer', () => {
    expect(read(429, {}, { 'retry-after-ms': '1500', 'retry-after': '9' }).retryAfterMs).toBe(1500);
    expect(read(429, {}, { 'retry-after': '9' }).retryAfterMs).toBe(9000);
    expect(read(429, {}, { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }).retryAfterMs).toBe(30_000);
    const google = {
      error: {
        status: 'RESOURCE_EXHAUSTED',
        message: 'You exceeded your current quota',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }],
      },
    };
    expect(read(429, google)).toMatchObject({ code: 'UPSTREAM_OVERLOADED', retryAfterMs: 34_500 });
    expect(read(429, {}, { 'retry-after': '99999' }).retryAfterMs).toBe(300_000);
  });

  test.each([
    [408, 'UPSTREAM_ERROR'],
    [409, 'UPSTREAM_OVERLOADED'],
    [529, 'UPSTREAM_OVERLOADED'],
    [422, 'UPSTREAM_REJECTED'],
    [302, 'UPSTREAM_INVALID_RESPONSE'],
    [502, 'UPSTREAM_ERROR'],
  ])('HTTP %i', (status, code) => {
    expect(read(status, '<html>')).toMatchObject({ code, status });
  });
});
