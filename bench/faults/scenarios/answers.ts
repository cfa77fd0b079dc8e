import { get } from 'node:http';
import type { FaultServer } from '../../../test/support/fault-server.ts';
import { badAnswer, outage, type Scenario, UPSTREAM_SECRET } from '../scenario.ts';
import type { Stage } from '../stage.ts';

/** Megabytes that the gateway's memory may grow by, at its highest, while it meets one of these. */
const MOST_GROWTH_MB = 200;

const INVALID = 'UPSTREAM_INVALID_RESPONSE';

/** A scenario that must not cost memory: how much it grew is part of what was seen. */
function bounded(scenario: Scenario): Scenario {
  let before = 0;
  return {
    ...scenario,
    inject(stage: Stage) {
      before = stage.gateway.memory().peak;
      return scenario.inject(stage);
    },
    async also(stage: Stage) {
      const grown = Math.round(stage.gateway.memory().peak - before);
      if (grown > MOST_GROWTH_MB) throw new Error(`the peak of memory grew by ${grown} MB`);
      return `the peak of memory grew by ${grown} MB`;
    },
  };
}

/** The server compresses a bomb when it is first asked for one, which takes longer than an attempt may. */
async function armed(primary: FaultServer, encoding: 'gzip' | 'br'): Promise<void> {
  primary.behave({ kind: 'bomb', encoding });
  await new Promise<void>((resolve, reject) => {
    const request = get(primary.url, { agent: false }, (response) => {
      response.destroy();
      resolve();
    });
    request.once('error', reject);
  });
}

/** Good HTTP, wrong content. */
export const ANSWERS: readonly Scenario[] = [
  {
    name: 'wrong-type-root',
    group: 'wrong type',
    injected: 'a list where the document says an object',
    promised: badAnswer(INVALID, 'http_protocol_error'),
    inject: ({ primary }) => primary.behave({ kind: 'answer', body: [UPSTREAM_SECRET] }),
    breaker: 'stays closed',
  },
  {
    name: 'wrong-type-field',
    group: 'wrong type',
    injected: 'an object where the document says an integer, in one field',
    promised: { cold: { outcome: 'FRESH' } },
    inject: ({ primary }) =>
      primary.behave({ kind: 'answer', body: { id: 'one', name: 'primary', size: { secret: UPSTREAM_SECRET } } }),
    breaker: 'stays closed',
    async also(stage) {
      const answer = await stage.ask('cold');
      const thing = answer.data?.[stage.source('cold')]?.getThing;
      const [error] = answer.errors;
      const isNull = thing?.name === 'primary' && thing?.size === null;
      if (!isNull || error?.extensions.code !== INVALID) throw new Error(`seen: ${answer.text.slice(0, 300)}`);
      return `the field is null with ${INVALID}, the rest of the object is there`;
    },
  },
  {
    name: 'page-instead',
    group: 'wrong content type',
    injected: '200 with an HTML page',
    promised: outage(INVALID, 'http_protocol_error'),
    inject: ({ primary }) =>
      primary.behave({
        kind: 'answer',
        headers: { 'content-type': 'text/html' },
        body: `<h1>${UPSTREAM_SECRET}</h1>`,
      }),
    breaker: 'opens',
  },
  {
    name: 'image-instead',
    group: 'wrong content type',
    injected: '200 with image/png',
    promised: badAnswer(INVALID, 'http_protocol_error'),
    inject: ({ primary }) =>
      primary.behave({ kind: 'answer', headers: { 'content-type': 'image/png' }, body: UPSTREAM_SECRET }),
  },
  {
    name: 'not-json',
    group: 'garbage',
    injected: 'application/json that is not JSON',
    promised: outage(INVALID, 'http_protocol_error'),
    inject: ({ primary }) => primary.behave({ kind: 'answer', body: `{"name": "${UPSTREAM_SECRET}", ` }),
    breaker: 'opens',
  },
  {
    name: 'no-body',
    group: 'garbage',
    injected: '200 with no body at all',
    promised: badAnswer(INVALID, 'http_protocol_error'),
    inject: ({ primary }) => primary.behave({ kind: 'answer', body: '' }),
  },
  bounded({
    name: 'deep-json',
    group: 'garbage',
    injected: 'JSON nested 200,000 levels deep',
    promised: badAnswer(INVALID, 'http_protocol_error'),
    inject: ({ primary }) => primary.behave({ kind: 'answer', body: '['.repeat(200_000) + ']'.repeat(200_000) }),
  }),
  bounded({
    name: 'huge-announced',
    group: '200 MB',
    injected: '200 MB, announced by Content-Length',
    promised: badAnswer(INVALID, 'http_response_body_size'),
    inject: ({ primary }) => primary.behave({ kind: 'huge', framing: 'length' }),
    breaker: 'stays closed',
  }),
  bounded({
    name: 'huge-chunked',
    group: '200 MB',
    injected: '200 MB in chunks, not announced',
    promised: badAnswer(INVALID, 'http_response_body_size'),
    inject: ({ primary }) => primary.behave({ kind: 'huge', framing: 'chunked' }),
  }),
  bounded({
    name: 'bomb-gzip',
    group: 'compression bombs',
    injected: '100 MB in 100 KB of gzip',
    promised: badAnswer(INVALID, 'http_response_body_size'),
    inject: ({ primary }) => armed(primary, 'gzip'),
  }),
  bounded({
    name: 'bomb-br',
    group: 'compression bombs',
    injected: '100 MB in a few bytes of brotli',
    promised: badAnswer(INVALID, 'http_response_body_size'),
    inject: ({ primary }) => armed(primary, 'br'),
  }),
  {
    name: 'double-coding',
    group: 'compression bombs',
    injected: 'gzip inside gzip',
    promised: outage(INVALID, 'http_response_content_coding'),
    inject: ({ primary }) => primary.behave({ kind: 'encoded', encodings: ['gzip', 'gzip'] }),
    breaker: 'opens',
  },
  {
    name: 'false-coding',
    group: 'compression bombs',
    injected: 'plain text that is called gzip',
    promised: outage(INVALID, 'http_response_content_coding'),
    inject: ({ primary }) =>
      primary.behave({ kind: 'answer', headers: { 'content-encoding': 'gzip' }, body: UPSTREAM_SECRET }),
    breaker: 'opens',
  },
];
