import type { Call, CallContext, Outcome, SourceConnection, SubscriptionEvent } from '../../src/sources/index.ts';
import { fakeConnection, fresh, type Script } from '../schema/graph/fake-member.ts';

/** One subscription at a fake source: what it was asked for, and a hand on what it brings. */
export interface FakeStream {
  readonly operation: string;
  readonly call: Call;
  readonly context: CallContext;
  readonly ended: boolean;
  answer(value: unknown): void;
  push(event: SubscriptionEvent): void;
  /** The upstream has no more to say. */
  complete(): void;
}

export interface StreamingConnection extends SourceConnection {
  /** Open ones and ended ones, in the order of their beginning. */
  readonly streams: readonly FakeStream[];
  readonly open: readonly FakeStream[];
  readonly closed: boolean;
}

/** A connection whose subscriptions bring what the test says. */
export function streamingConnection(script?: Script): StreamingConnection {
  const streams: FakeStream[] = [];
  const calls = fakeConnection(script);
  return {
    ...calls,
    streams,
    get open() {
      return streams.filter(({ ended }) => !ended);
    },
    get closed() {
      return calls.closes > 0;
    },
    subscribe(operation, call, context) {
      return { [Symbol.asyncIterator]: () => begin(operation, call, context, streams) };
    },
  };
}

function begin(
  operation: string,
  call: Call,
  context: CallContext,
  streams: FakeStream[],
): AsyncIterator<SubscriptionEvent> {
  const waiting: SubscriptionEvent[] = [];
  let ended = context.signal.aborted;
  let completed = false;
  let wake: (() => void) | undefined;
  const end = (): void => {
    ended = true;
    wake?.();
  };
  context.signal.addEventListener('abort', end);
  const push = (event: SubscriptionEvent): void => {
    waiting.push(event);
    wake?.();
  };
  streams.push({
    operation,
    call,
    context,
    get ended() {
      return ended;
    },
    push,
    answer: (value) => push({ kind: 'ANSWER', outcome: fresh(value) as Outcome }),
    complete() {
      completed = true;
      wake?.();
    },
  });
  return {
    async next() {
      for (;;) {
        if (ended) return { done: true, value: undefined };
        const value = waiting.shift();
        if (value !== undefined) return { done: false, value };
        if (completed) end();
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
  };
}
