import type { Dispatcher } from 'undici';
import { UpstreamFailure } from '../../errors/index.ts';
import type { HttpResponse } from '../types.ts';
import { type AnswerBody, type BodyLimits, collectCoded, collectPlain, readContentCoding } from './answer-body.ts';
import { readAnswerHeaders } from './answer-headers.ts';
import { codeOf, failures, type Progress } from './failures.ts';

type Controller = Dispatcher.DispatchController;
type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

type Phase =
  | { readonly name: 'unsent' }
  | { readonly name: 'sent'; readonly controller: Controller; begun: boolean }
  | {
      readonly name: 'answering';
      readonly controller: Controller;
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: AnswerBody;
    }
  | { readonly name: 'over' };

export interface ExchangeOptions {
  readonly method: string;
  readonly limits: BodyLimits;
  readonly maxHeaderBytes: number;
  /** The exchange has left the phase `unsent`, by being sent or by ending. Called once. */
  readonly onLeftQueue: () => void;
}

/** One request and its answer on one connection. `answer` settles exactly once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpResponse>;
  /** A connection is being opened for this very exchange, so that a reset cannot be a stale keep-alive. */
  onFreshConnection = false;
  /** The connection it was to be sent on ended before: it may be begun again, whatever its method. */
  droppedUnsent = false;
  /** The kept connection it was sent on ended before an answer began: the upstream may not have seen it. */
  droppedOnKept = false;
  readonly #options: ExchangeOptions;
  #phase: Phase = { name: 'unsent' };
  #resolve: (response: HttpResponse) => void = () => {};
  #reject: (failure: UpstreamFailure) => void = () => {};

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get progress(): Progress {
    const { name } = this.#phase;
    return name === 'over' ? 'answering' : name;
  }

  get isOver(): boolean {
    return this.#phase.name === 'over';
  }

  /** Ends the exchange; a socket that it was on is destroyed. */
  stop(failure: UpstreamFailure): void {
    const phase = this.#leave();
    if (phase.name === 'over') return;
    this.#reject(failure);
    if (phase.name === 'answering') phase.body.destroy();
    if (phase.name !== 'unsent') phase.controller.abort(failure);
  }

  onRequestStart(controller: Controller): void {
    // Undici has no way to take a request out of its queue; one that is over is dropped when its turn comes.
    if (this.#phase.name === 'over') controller.abort(new Error('nobody waits any more'));
    else {
      this.#phase = { name: 'sent', controller, begun: false };
      this.#options.onLeftQueue();
    }
  }

  onResponseStarted(): void {
    if (this.#phase.name === 'sent') this.#phase.begun = true;
  }

  onResponseStart(controller: Controller, status: number, headers: AnswerHeaders): void {
    if (this.#phase.name === 'over' || status < 200) return;
    try {
      const body = this.#bodyFor(controller, status, headers);
      this.#phase = { name: 'answering', controller, status, headers: readAnswerHeaders(headers), body };
    } catch (error: unknown) {
      this.stop(error instanceof UpstreamFailure ? error : failures.protocol(error));
    }
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#phase.name === 'answering' && !this.#phase.body.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#phase.name === 'answering') this.#phase.body.end();
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    this.stop(this.#failureOf(error));
  }

  /** Goes to the phase `over`, and answers the one before. */
  #leave(): Phase {
    const phase = this.#phase;
    this.#phase = { name: 'over' };
    if (phase.name === 'unsent') this.#options.onLeftQueue();
    return phase;
  }

  #bodyFor(controller: Controller, status: number, headers: AnswerHeaders): AnswerBody {
    const { method, limits } = this.#options;
    const events = {
      onDrain: () => controller.resume(),
      onComplete: (body: Buffer) => {
        const phase = this.#leave();
        if (phase.name === 'answering') this.#resolve({ status: phase.status, headers: phase.headers, body });
      },
      onFailure: (failure: UpstreamFailure) => this.stop(failure),
    };
    // These never have a body (RFC 9112 section 6.3), whatever their headers say of the one they would have had.
    if (method === 'HEAD' || status === 204 || status === 304) return collectPlain(limits, events);
    const announced = Number(headers['content-length'] ?? 0);
    if (announced > limits.maxBytes) {
      throw failures.bodyTooLarge(
        `an answer must have at most ${limits.maxBytes} bytes; this one announces ${announced}`,
      );
    }
    const coded = headers['content-encoding'];
    if (coded === undefined) return collectPlain(limits, events);
    const coding = readContentCoding(typeof coded === 'string' ? coded : coded.join(', '));
    return coding === undefined ? collectPlain(limits, events) : collectCoded(coding, limits, events);
  }

  #failureOf(error: Error): UpstreamFailure {
    const phase = this.#phase;
    if (error instanceof UpstreamFailure) {
      if (error.reason !== 'cancelled') return error;
      // A connection called off for somebody else, should this exchange ever have been behind it.
      this.droppedUnsent = phase.name === 'unsent';
      return failures.terminated(this.droppedUnsent, false, error);
    }
    const code = codeOf(error);
    if (phase.name === 'unsent') {
      if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
        return failures.unsendable(`the request cannot be sent: ${error.message}`, error);
      }
      if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') return failures.cancelled('unsent', error);
      this.droppedUnsent = true;
      return failures.terminated(true, false, error);
    }
    if (code === 'UND_ERR_HEADERS_OVERFLOW') return failures.headersTooLarge(this.#options.maxHeaderBytes);
    if (code === 'UND_ERR_DESTROYED') return failures.cancelled('sent', error);
    if (isNotHttp(error, phase)) return failures.protocol(error);
    if (phase.name === 'sent' && !phase.begun) {
      this.droppedOnKept = !this.onFreshConnection;
      return failures.terminated(false, this.onFreshConnection, error);
    }
    return failures.incomplete(error);
  }
}

/** By name and message: undici 8.12 means to give parser errors llhttp's code, but gives them none. */
function isNotHttp(error: Error, phase: Phase): boolean {
  if (error.name === 'HTTPParserError') return !error.message.includes('Invalid EOF state');
  // Says "length mismatch" of any parse error after a Content-Length, so of contradicting headers too.
  if (codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return phase.name === 'sent';
  return error.message === 'bad response' || error.message === 'bad upgrade';
}
