import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../../test/support/fault-kinds.ts';
import type { ReceivedRequest } from '../../../test/support/fault-server.ts';
import { seenOf } from '../check.ts';
import { goodThing } from '../document.ts';
import { outage, type Scenario, UPSTREAM_SECRET, unharmed } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const answer = (request: ReceivedRequest): Answer => ({ kind: 'answer', body: goodThing(request.path) });
const surplus: Answer = { kind: 'answer', body: { id: 'surplus', name: UPSTREAM_SECRET, size: 666 } };

/** Asks for 40 different things, one after another: each answer must be of its own question. */
const everyAnswerIsItsOwn =
  (pauseMs: number) =>
  async (stage: Stage): Promise<string> => {
    let fresh = 0;
    for (let i = 0; i < 40; i++) {
      await sleep(pauseMs);
      const got = await stage.ask('cold', {}, `thing-${i}`);
      const value = got.data?.[stage.source('cold')]?.getThing;
      if (value !== null && value.id !== `thing-${i}`)
        throw new Error(`thing-${i} was answered with ${JSON.stringify(value)}`);
      if (seenOf(stage, 'cold', got).outcome === 'FRESH') fresh++;
    }
    if (fresh < 40) throw new Error(`only ${fresh} of 40 further queries were answered`);
    return '40 of 40 further answers belong to their questions';
  };

/** Upstreams that break HTTP, or use it in ways that break clients. */
export const HTTP: readonly Scenario[] = [
  {
    name: 'garbage',
    group: 'garbage',
    injected: 'bytes that are not HTTP',
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_protocol_error'),
    inject: ({ primary }) => primary.behave({ kind: 'garbage' }),
    breaker: 'opens',
  },
  {
    name: 'contradicting-lengths',
    group: 'garbage',
    injected: 'two Content-Length headers that contradict each other',
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_protocol_error'),
    inject: ({ primary }) =>
      primary.behave({
        kind: 'raw',
        bytes: `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 40\r\n\r\n{}`,
      }),
    breaker: 'opens',
  },
  {
    name: 'truncated-length',
    group: 'truncated',
    injected: 'half of the promised Content-Length, then the end of the connection',
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_response_incomplete'),
    inject: ({ primary }) => primary.behave((request) => ({ kind: 'truncate', body: goodThing(request.path) })),
    breaker: 'opens',
  },
  {
    name: 'truncated-chunked',
    group: 'truncated',
    injected: 'a chunked body without its last chunk',
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_response_incomplete'),
    inject: ({ primary }) =>
      primary.behave((request) => ({ kind: 'truncate', framing: 'chunked', body: goodThing(request.path) })),
    breaker: 'opens',
  },
  {
    name: 'truncated-gzip',
    group: 'truncated',
    injected: 'a whole body, whose gzip stream lacks its last 12 bytes',
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_response_incomplete'),
    inject: ({ primary }) =>
      primary.behave((request) => ({ kind: 'encoded', encodings: ['gzip'], cut: 12, body: goodThing(request.path) })),
    breaker: 'opens',
  },
  {
    name: 'header-flood',
    group: 'header floods',
    injected: '64 KB of headers',
    promised: outage('UPSTREAM_INVALID_RESPONSE', 'http_response_header_section_size'),
    inject: ({ primary }) => primary.behave({ kind: 'header-flood' }),
    breaker: 'opens',
  },
  {
    name: 'surplus-at-once',
    group: 'surplus responses',
    injected: 'a second answer right behind every answer',
    promised: unharmed(),
    inject: ({ primary }) =>
      primary.behave((request) => ({ kind: 'surplus', answer: answer(request), extra: surplus })),
    also: everyAnswerIsItsOwn(0),
  },
  {
    name: 'surplus-later',
    group: 'surplus responses',
    injected: 'a second answer 5 ms behind every answer, on the kept connection',
    promised: unharmed(),
    inject: ({ primary }) =>
      primary.behave((request) => ({ kind: 'surplus', answer: answer(request), extra: surplus, afterMs: 5 })),
    // One that came behind the next request could not be told from its answer, by nobody: HTTP/1.1 has no numbers.
    also: everyAnswerIsItsOwn(20),
  },
  {
    name: 'keep-alive-closed',
    group: 'keep-alive races',
    injected: 'every connection is closed as soon as its first answer is out, without saying so',
    promised: unharmed(),
    inject: ({ primary }) => primary.behave((request) => ({ kind: 'raw', end: true, bytes: plainAnswer(request) })),
    also: everyAnswerIsItsOwn(0),
  },
  {
    name: 'keep-alive-reset',
    group: 'keep-alive races',
    injected: 'a kept connection is reset when its next request comes',
    promised: unharmed(),
    inject: ({ primary }) =>
      primary.behave((request) => (request.ofConnection === 1 ? answer(request) : { kind: 'reset' })),
    also: everyAnswerIsItsOwn(0),
  },
];

function plainAnswer(request: ReceivedRequest): string {
  const body = JSON.stringify(goodThing(request.path));
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
