import { Buffer } from 'node:buffer';
import type { Clock } from '../../runtime/index.ts';
import type { HttpClient, HttpStreamRequest } from '../../upstream/index.ts';
import type { ProviderAccount } from '../accounts.ts';
import type { AnswerStream, ModelClient } from '../model-client.ts';
import type { ModelRequest } from '../types.ts';
import { secretsOf } from '../vendor/secrets.ts';
import { type FailedAnswer, withAnswer } from '../vendor/with-answer.ts';
import { ChunkReader } from './chunk-reader.ts';
import { chatUrl, headersOf } from './destination.ts';
import { EventData } from './event-data.ts';
import { readAnswer } from './read-answer.ts';
import { requestBody } from './request-body.ts';

/** Servers that have said all there is may end their answer a little later. Longer than this nobody keeps its socket. */
const LINGER_MS = 1000;

export interface OpenAiFormatOptions {
  readonly account: ProviderAccount;
  readonly model: string;
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly requestId: string;
  /** Ends the call, and what of it is on its way. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onSent: () => void;
}

/**
 * Chat completions in OpenAI's format (https://platform.openai.com/docs/api-reference/chat), without a vendor's package:
 * a gateway's CPU goes into this format more than into all the others.
 */
export function openAiFormatClient(options: OpenAiFormatOptions): ModelClient {
  const { http, requestId, clock } = options;
  return {
    async generate(request) {
      const answer = await http.request(begin(options, request, false));
      if (answer.status >= 300) throw failed(answer, options);
      return readAnswer(answer.body.toString(), requestId);
    },
    async stream(request) {
      const { status, headers, body } = await http.stream(begin(options, request, true));
      if (status >= 300) throw failed({ status, headers, body: await collect(body) }, options);
      return answerStream(body, new ChunkReader(requestId, request.openAi?.logprobs === true), clock);
    },
  };
}

function begin(options: OpenAiFormatOptions, asked: ModelRequest, stream: boolean): HttpStreamRequest {
  const { account, model, baseUrl, signal, timeoutMs, onSent } = options;
  const body = requestBody(account, model, asked, stream);
  const request = { method: 'POST', url: chatUrl(account, baseUrl, model), headers: headersOf(account), body };
  onSent();
  return { ...request, signal, timeoutMs };
}

function answerStream(body: AsyncIterable<Uint8Array>, chunks: ChunkReader, clock: Clock): AnswerStream {
  const reads = body[Symbol.asyncIterator]();
  const data = new EventData();
  let over = false;
  return {
    async next() {
      if (over) return undefined;
      if (chunks.isDone) leave(reads, clock);
      else {
        const { done, value } = await reads.next();
        if (done !== true) return chunks.read(data.read(value), clock.now());
      }
      over = true;
      return chunks.end();
    },
    cancel() {
      reads.return?.().catch(() => {});
    },
  };
}

/** Of an answer that is read to its end the connection can be used again; what comes until then says nothing. */
function leave(reads: AsyncIterator<Uint8Array>, clock: Clock): void {
  const cut = clock.setTimer(() => void reads.return?.(), LINGER_MS);
  const skip = (): Promise<void> => reads.next().then(({ done }) => (done === true ? undefined : skip()));
  skip().then(
    () => cut.cancel(),
    () => cut.cancel(),
  );
}

const failed = (answer: FailedAnswer, { account, clock }: OpenAiFormatOptions) =>
  withAnswer(answer, secretsOf(account), clock.now());

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
