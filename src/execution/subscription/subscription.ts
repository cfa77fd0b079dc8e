import type { ExecutionResult } from 'graphql';
import type { Clock } from '../../runtime/index.ts';
import type { GraphVersion, Stream } from '../../schema/index.ts';
import type { SubscriptionEvent } from '../../sources/index.ts';
import { EventQueue } from './event-queue.ts';
import { Interruptions } from './interruptions.ts';
import type { PinnedOperation, Pinning, StreamingOperation } from './pinned-operation.ts';
import { isSameStream } from './same-stream.ts';
import { errorResult, subscriberTooSlow, subscriptionEnded } from './subscription-errors.ts';
import type { Subscriber, SubscriptionLimits } from './types.ts';

/** The last answer, if there is one: what the source says, or an error of Weir's own. */
type Last =
  | Extract<SubscriptionEvent, { kind: 'ENDED' }>
  | { readonly kind: 'ERROR'; readonly error: unknown }
  | undefined;

/** How far a subscription is. */
type State =
  | { readonly kind: 'RUNNING' }
  /** Nothing more comes: what waits is delivered, then the last answer if there is one. */
  | { readonly kind: 'ENDING'; readonly last: Last }
  | { readonly kind: 'OVER' };

export interface SubscriptionOptions {
  readonly subscriber: Subscriber;
  /** Pins the operation to the graph as it is now. */
  readonly pin: () => Pinning;
  readonly limits: SubscriptionLimits;
  readonly clock: Clock;
  /** Nothing is held any more. Called once. */
  readonly onOver: (subscription: Subscription) => void;
}

/**
 * One running subscription: the answers to one subscriber, who reads one after another.
 *
 * Events are taken from the source as they come and wait in a bounded queue; each is executed when the subscriber reads
 * it, on the graph version that is current then. What was pinned is held only until `repin`, or while an event is
 * executed on it.
 */
export class Subscription implements AsyncGenerator<ExecutionResult, undefined, undefined> {
  readonly #options: SubscriptionOptions;
  readonly #queue: EventQueue;
  readonly #interruptions = new Interruptions();
  #state: State = { kind: 'RUNNING' };
  #pinned: PinnedOperation;
  /** Ends the source's stream. */
  #source = new AbortController();
  #executing: { readonly pinned: PinnedOperation; readonly controller: AbortController } | undefined;
  #wake: (() => void) | undefined;
  /** Set while an answer waits for room in the queue. */
  #onRoom: ((room: boolean) => void) | undefined;

  constructor(options: SubscriptionOptions, pinned: StreamingOperation) {
    this.#options = options;
    this.#queue = new EventQueue(options.limits);
    this.#pinned = pinned;
    this.#open(pinned.stream);
  }

  get callerId(): string {
    return this.#options.subscriber.caller.id;
  }

  /** The version that it is pinned to. */
  get version(): GraphVersion {
    return this.#pinned.lease.version;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    while (this.#state.kind !== 'OVER') {
      const outcome = this.#queue.shift();
      if (outcome !== undefined) {
        this.#onRoom?.(true);
        const value = await this.#execute({ kind: 'ANSWER', outcome });
        if (value !== undefined) return { done: false, value };
      } else if (this.#state.kind === 'ENDING') {
        const { last } = this.#state;
        const value = await this.#lastAnswer(last);
        // An error that came meanwhile is the last answer instead.
        if (this.#last() !== last) continue;
        this.#over();
        if (value !== undefined) return { done: false, value };
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
    return { done: true, value: undefined };
  }

  /** The subscriber has gone. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#over();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorReturnResult<undefined>> {
    this.#over();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over();
  }

  /** Ends it at once: what waits is dropped, the error is the last answer. */
  end(error: unknown): void {
    if (this.#isDropped()) return;
    this.#leaveSource();
    // Nothing is executed any more.
    if (this.#executing?.pinned !== this.#pinned) this.#pinned.lease.release();
    this.#ending({ kind: 'ERROR', error });
  }

  /** Ends it if the caller's key opens nothing any more. */
  async checkCaller(): Promise<void> {
    try {
      await this.#options.subscriber.check();
    } catch (error: unknown) {
      this.end(error);
    }
  }

  /** Goes on in the graph as it is now; from another connection if the source has one; ends if it cannot go on. */
  repin(): void {
    if (this.#isDropped()) return;
    const pinning = this.#options.pin();
    if (!pinning.ok) {
      this.end(
        subscriptionEnded(`the graph, as its caller may see it, has changed. ${pinning.errors[0]?.message ?? ''}`),
      );
      return;
    }
    const old = this.#pinned;
    this.#pinned = pinning.pinned;
    if (old !== this.#executing?.pinned) old.lease.release();

    const [before, now] = [old.stream, pinning.pinned.stream];
    if (before === undefined || now === undefined || isSameStream(before, now)) return;
    // What waits is of the source as it was: it would not fit.
    this.#leaveSource();
    if (this.#state.kind !== 'RUNNING') return;
    this.#interruptions.note('source_revised');
    this.#source = new AbortController();
    this.#open(now);
  }

  #open(stream: Stream): void {
    const { signal } = this.#source;
    void this.#read(stream, signal);
  }

  /** By itself, so that what waits for events does not hold the version, which may be long gone when one comes. */
  #events({ source, connection, operation, call }: Stream, signal: AbortSignal): AsyncIterable<SubscriptionEvent> {
    const context = this.#options.subscriber.context(this.version, signal);
    const events = connection.subscribe?.(operation, call, context.call);
    if (events === undefined) throw new Error(`Source ${source} must be able to subscribe: it has ${operation}.`);
    return events;
  }

  /** What it brought and nobody has read is dropped. */
  #leaveSource(): void {
    this.#source.abort();
    this.#queue.clear();
    this.#onRoom?.(true);
  }

  async #read(stream: Stream, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of this.#events(stream, signal)) {
        if (signal.aborted) return;
        await this.#take(event, signal);
      }
      if (!signal.aborted) this.#ending(undefined);
    } catch (error: unknown) {
      if (!signal.aborted) this.end(error);
    }
  }

  async #take(event: SubscriptionEvent, signal: AbortSignal): Promise<void> {
    switch (event.kind) {
      case 'ANSWER':
        while (!this.#queue.push(event.outcome)) {
          const room = await this.#room();
          if (signal.aborted) return;
          if (!room) return this.end(subscriberTooSlow(this.#options.limits));
        }
        this.#wake?.();
        return;
      case 'INTERRUPTED':
        this.#interruptions.note(event.failure.reason);
        return;
      case 'ENDED':
        this.#source.abort();
        this.#ending(event);
        return;
      default: {
        event satisfies never;
      }
    }
  }

  /** Meanwhile the source keeps what comes, within bounds of its own. False when nothing is read for too long. */
  #room(): Promise<boolean> {
    const { clock, limits } = this.#options;
    return new Promise((resolve) => {
      const timer = clock.setTimer(() => this.#onRoom?.(false), limits.patienceMs);
      this.#onRoom = (room) => {
        timer.cancel();
        this.#onRoom = undefined;
        resolve(room);
      };
    });
  }

  /** Undefined when there is nobody any more who may have the answer. */
  async #execute(event: Exclude<SubscriptionEvent, { kind: 'INTERRUPTED' }>): Promise<ExecutionResult | undefined> {
    await this.checkCaller();
    if (this.#isDropped()) return undefined;
    const pinned = this.#pinned;
    const controller = new AbortController();
    this.#executing = { pinned, controller };
    try {
      const { version } = pinned.lease;
      const context = this.#options.subscriber.context(version, controller.signal);
      const result = await pinned.operation.run(context, event);
      return this.#interruptions.tell(result, version.number);
    } finally {
      this.#executing = undefined;
      if (pinned !== this.#pinned || this.#isDropped()) pinned.lease.release();
    }
  }

  async #lastAnswer(last: Last): Promise<ExecutionResult | undefined> {
    if (last === undefined) return undefined;
    return last.kind === 'ERROR' ? errorResult(last.error) : this.#execute(last);
  }

  #ending(last: Last): void {
    this.#state = { kind: 'ENDING', last };
    this.#wake?.();
  }

  #isOver(): boolean {
    return this.#state.kind === 'OVER';
  }

  #last(): Last {
    return this.#state.kind === 'ENDING' ? this.#state.last : undefined;
  }

  /** Whether what comes from the source has nobody any more who may have it. */
  #isDropped(): boolean {
    return this.#isOver() || this.#last()?.kind === 'ERROR';
  }

  #over(): void {
    if (this.#state.kind === 'OVER') return;
    this.#state = { kind: 'OVER' };
    this.#leaveSource();
    this.#executing?.controller.abort();
    if (this.#executing?.pinned !== this.#pinned) this.#pinned.lease.release();
    this.#wake?.();
    this.#options.onOver(this);
  }
}
