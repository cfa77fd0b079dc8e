import type { ServerResponse } from 'node:http';
import { WeirError } from '../../errors/index.ts';
import { type Clock, LinkedSet } from '../../runtime/index.ts';
import type { WayIn } from './way-in.ts';

/** Milliseconds for the last that clients are told to leave; one that does not read would hold up the end. */
const LAST_WORDS_MS = 500;

interface Request {
  readonly wayIn: WayIn;
  readonly response: ServerResponse;
}

/** The requests to /v1 and /prompts that are not answered yet. */
export class UnderWay {
  readonly #clock: Clock;
  readonly #requests = new LinkedSet<Request>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(wayIn: WayIn, response: ServerResponse): void {
    const link = this.#requests.add({ wayIn, response });
    response.once('close', () => this.#requests.delete(link));
  }

  /** Ends them all with SHUTTING_DOWN. Resolves when each client was told so, or when that takes too long. */
  async end(): Promise<void> {
    if (this.#requests.size === 0) return;
    const overdue = Promise.withResolvers<void>();
    const timer = this.#clock.setTimer(overdue.resolve, LAST_WORDS_MS);
    const told = this.#requests.values().map(async ({ wayIn, response }) => {
      const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
      wayIn.end(new WeirError('SHUTTING_DOWN', 'The gateway shuts down.', { retryable: true }));
      await closed;
    });
    await Promise.race([Promise.all(told), overdue.promise]);
    timer.cancel();
  }
}
