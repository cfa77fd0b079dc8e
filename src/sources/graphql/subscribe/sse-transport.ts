import { UpstreamFailure } from '../../../errors/index.ts';
import type { AttemptContext, Endpoint, HttpResponse, HttpStreamResponse } from '../../../upstream/index.ts';
import { isRecord } from '../../shared/is-record.ts';
import { parseJson } from '../../shared/json-text.ts';
import { readAnswers } from '../call/read-answers.ts';
import { EventStreamReader, type ServerSentEvent } from './event-stream.ts';
import { failures } from './failures.ts';
import { requestParts, type TransportOptions } from './request-parts.ts';
import type { Listener, Transport, UpstreamResult, UpstreamSubscription } from './transport.ts';

/** Characters of one event: as many as an answer may have bytes. */
const MAX_EVENT_LENGTH = 8 * 1024 * 1024;
/** Bytes that are read of an answer that is no stream, for the code that it may hold. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/**
 * Subscriptions by GraphQL over Server-Sent Events, each its own request ("distinct connections mode").
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export class SseTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #open = new Set<AbortController>();
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async open(subscription: UpstreamSubscription, listener: Listener, context: AttemptContext): Promise<() => void> {
    if (this.#closed) throw failures.closed(this.#options.source);
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(context.signal.reason);
    context.signal.addEventListener('abort', onAbort, { once: true });
    this.#open.add(controller);
    try {
      const response = await this.#request(subscription, context, controller.signal);
      void this.#listen(response, listener, context.endpoint, controller);
      return () => controller.abort();
    } catch (error: unknown) {
      this.#open.delete(controller);
      throw error;
    } finally {
      context.signal.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    this.#closed = true;
    for (const controller of this.#open) controller.abort();
  }

  /** Resolves with a stream of events, if need be after a new access token. */
  async #request(
    { body, forwarded }: UpstreamSubscription,
    { endpoint, timeoutMs }: AttemptContext,
    signal: AbortSignal,
  ): Promise<HttpStreamResponse> {
    const { authenticator, clock, http } = this.#options;
    const started = clock.now();
    for (let tries = 1; ; tries++) {
      const parts = await requestParts(this.#options, 'text/event-stream', forwarded, endpoint, signal);
      const { headers, url, credential } = parts;
      headers.set('content-type', 'application/json', 'Content-Type');
      const left = Math.max(1, timeoutMs - (clock.now() - started));
      const request = { method: 'POST', url, headers: headers.toRecord(), body, signal, timeoutMs: left };
      const response = await http.stream({ ...request, maxBytes: Number.POSITIVE_INFINITY });
      const type = response.headers['content-type'] ?? '';
      if (response.status === 200 && /^text\/event-stream\b/i.test(type)) return response;
      const refusal = await this.#refusal(response);
      if (tries > 1 || credential === undefined || !authenticator.refused(credential, response)) throw refusal;
    }
  }

  /** What an answer that is no stream says: a status, or the errors of a GraphQL response. */
  async #refusal(response: HttpStreamResponse): Promise<UpstreamFailure> {
    const { status, headers } = response;
    const whole: HttpResponse = { status, headers, body: await beginning(response.body) };
    try {
      const read = readAnswers(this.#options.source, whole, [{ leaves: undefined }], this.#options.clock.now());
      if (read.kind === 'refused') return read.failure;
    } catch (error: unknown) {
      if (!(error instanceof UpstreamFailure)) throw error;
      if (status !== 200) return error;
    }
    return failures.protocol(`the answer is ${headers['content-type'] ?? 'without a type'}, not text/event-stream`);
  }

  async #listen(
    { body }: HttpStreamResponse,
    listener: Listener,
    endpoint: Endpoint,
    controller: AbortController,
  ): Promise<void> {
    const failure = await this.#read(body, listener).catch(asLoss);
    this.#open.delete(controller);
    if (controller.signal.aborted) return;
    controller.abort();
    if (failure !== undefined) this.#options.onLost(endpoint, failure);
    listener.ended(failure);
  }

  /** Resolves when the upstream has completed the subscription; with a failure when it broke off. */
  async #read(body: HttpStreamResponse['body'], listener: Listener): Promise<UpstreamFailure | undefined> {
    const reader = new EventStreamReader(MAX_EVENT_LENGTH);
    for await (const piece of body) {
      for (const event of reader.push(piece)) {
        if (event.event === 'complete') return undefined;
        if (event.event === 'next') listener.next(resultOf(event));
      }
    }
    return failures.lost('the stream ended before the subscription was completed', false);
  }
}

function resultOf({ data }: ServerSentEvent): UpstreamResult {
  let parsed: ReturnType<typeof parseJson>;
  try {
    parsed = parseJson(data, true);
  } catch {
    throw failures.protocol('an event of the stream is not JSON');
  }
  const { value: payload, hasBigInt } = parsed;
  if (isRecord(payload)) return { payload, hasBigInt, bytes: data.length };
  throw failures.protocol('an event of the stream is no GraphQL result');
}

function asLoss(error: unknown): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (error instanceof RangeError) return failures.tooLarge('an event of the stream is too large');
  return failures.lost('the stream broke', false, error);
}

async function beginning(body: HttpStreamResponse['body']): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= MAX_REFUSAL_BYTES) break;
    }
  } catch {
    // What came of it has to do: the status says the rest.
  }
  return Buffer.concat(pieces);
}
