import type { Dispatcher } from 'undici';
import { UpstreamFailure } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { HttpStreamRequest, HttpStreamResponse } from '../types.ts';
import { readContentCoding } from './answer-body.ts';
import { readAnswerHeaders } from './answer-headers.ts';
import { ByteQueue } from './byte-queue.ts';
import type { Exchange } from './exchange.ts';
import { failures } from './failures.ts';
import { startIdleLimit } from './idle-limit.ts';
import type { Origin, OriginRequest } from './origin.ts';
import { startTimeLimit } from './time-limit.ts';

type Controller = Dispatcher.DispatchController;

/**
 * Sends a request and resolves when the head of its answer is there. Connections, beginning again and the meaning of
 * failures are those of every other exchange; only the bytes of the body go to the caller instead of being collected.
 */
export async function streamed(
  request: HttpStreamRequest,
  origin: Origin,
  sent: OriginRequest,
  clock: Clock,
): Promise<HttpStreamResponse> {
  const headLimit = startTimeLimit(clock, request.signal, request.timeoutMs);
  const { promise: response, resolve, reject } = Promise.withResolvers<HttpStreamResponse>();
  let queue: ByteQueue | undefined;

  /** The body of the answer that the exchange has now begun to get. */
  function openBody(exchange: Exchange, controller: Controller): { body: ByteQueue; touch: () => void } {
    headLimit.release();
    const stop = (failure: UpstreamFailure): void => exchange.stop(failure);
    const idle = startIdleLimit(clock, request, () => body.isPaused, stop);
    const body = new ByteQueue({
      maxBytes: sent.limits.maxBytes,
      stop,
      pause: () => controller.pause(),
      resume: () => {
        idle.touch();
        controller.resume();
      },
      onOver: () => idle.release(),
    });
    queue = body;
    return { body, touch: idle.touch };
  }

  /** Stands before the exchange and keeps the bytes of the body from it. */
  function listen(exchange: Exchange): Dispatcher.DispatchHandler {
    let open: ReturnType<typeof openBody> | undefined;
    return {
      onRequestStart: (controller) => exchange.onRequestStart(controller),
      onResponseStarted: () => exchange.onResponseStarted(),
      onResponseStart(controller, status, headers) {
        exchange.onResponseStart(controller, status, headers);
        if (status < 200 || exchange.isOver) return;
        const coding = [headers['content-encoding'] ?? []].flat().join(', ');
        if (readContentCoding(coding) !== undefined) {
          exchange.stop(failures.coding(`no content coding was offered, but the answer has ${coding}`));
          return;
        }
        open = openBody(exchange, controller);
        resolve({ status, headers: readAnswerHeaders(headers), body: open.body });
      },
      onResponseData(_controller, chunk) {
        open?.touch();
        open?.body.push(chunk);
      },
      onResponseEnd: () => exchange.onResponseEnd(),
      onResponseError: (controller, error) => exchange.onResponseError(controller, error),
    };
  }

  origin
    .send(sent, (exchange) => headLimit.watch(exchange), listen)
    .then(
      () => queue?.end(),
      (error: unknown) => {
        const failure =
          error instanceof UpstreamFailure ? error : failures.unsendable('the request cannot be sent', error);
        queue?.fail(failure);
        reject(failure);
      },
    );
  try {
    return await response;
  } finally {
    headLimit.release();
  }
}
