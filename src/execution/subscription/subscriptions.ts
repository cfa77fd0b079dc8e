import type { ExecutionResult, OperationTypeNode } from 'graphql';
import { type Clock, inTurns, LinkedSet, type Steps } from '../../runtime/index.ts';
import type { Graph } from '../../schema/index.ts';
import type { Executor } from '../executor.ts';
import { pinOperation, type StreamingOperation } from './pinned-operation.ts';
import { Subscription } from './subscription.ts';
import { asGraphQLError, subscriptionEnded, tooManySubscriptions } from './subscription-errors.ts';
import { DEFAULT_SUBSCRIPTION_LIMITS, type SubscriberRequest, type SubscriptionLimits } from './types.ts';

/** What came of a request over a way that can carry many answers. */
export type Answering =
  /** It does not run; nothing was called. */
  | { readonly kind: 'REFUSED'; readonly result: ExecutionResult }
  | {
      readonly kind: 'ANSWERED';
      readonly type: OperationTypeNode;
      readonly name: string | undefined;
      readonly result: ExecutionResult;
    }
  | { readonly kind: 'SUBSCRIBED'; readonly name: string | undefined; readonly answers: Subscription };

export interface SubscriptionsOptions {
  readonly graph: Graph;
  readonly executor: Executor;
  readonly clock: Clock;
  /** Laid over DEFAULT_SUBSCRIPTION_LIMITS. */
  readonly limits?: Partial<SubscriptionLimits>;
}

/** Every subscription of the gateway, and the way to a new one. */
export interface Subscriptions {
  /** Answers a request of any kind. Never rejects for anything that a client can send. */
  ask(request: SubscriberRequest): Promise<Answering>;
  readonly size: number;
  /** What this caller may do has changed: theirs end, or go on with what they may still see. */
  recheck(callerId: string): Promise<void>;
  /** Ends them all, each with SUBSCRIPTION_ENDED as its last answer, and refuses new ones. */
  end(): void;
}

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { graph, executor, clock } = options;
  const limits: SubscriptionLimits = { ...DEFAULT_SUBSCRIPTION_LIMITS, ...options.limits };
  const running = new LinkedSet<Subscription>();
  let ended = false;

  const subscribe = (request: SubscriberRequest, pinned: StreamingOperation): Subscription => {
    const answers = new Subscription(
      {
        subscriber: request.subscriber,
        pin: () => pinOperation(graph, executor, request),
        limits,
        clock,
        onOver: () => running.delete(link),
      },
      pinned,
    );
    const link = running.add(answers);
    return answers;
  };

  /** A version in which nobody is pinned closes what it alone refers to. */
  function* follow(): Steps<void> {
    for (const subscription of running.values()) {
      if (subscription.version !== graph.current) subscription.repin();
      yield;
    }
  }
  const stopFollowing = graph.onSwap(() => void inTurns(follow()));

  return {
    get size() {
      return running.size;
    },

    async ask(request) {
      const pinning = pinOperation(graph, executor, request);
      if (!pinning.ok) return { kind: 'REFUSED', result: { errors: pinning.errors } };
      const { lease, operation, stream } = pinning.pinned;
      const { name } = operation;
      if (stream === undefined) {
        try {
          const context = request.subscriber.context(lease.version, request.signal);
          return { kind: 'ANSWERED', type: operation.kind, name, result: await operation.run(context) };
        } finally {
          lease.release();
        }
      }
      const refusal = ended
        ? subscriptionEnded(SHUTTING_DOWN)
        : running.size >= limits.subscriptions
          ? tooManySubscriptions(limits.subscriptions)
          : undefined;
      if (refusal !== undefined) {
        lease.release();
        return { kind: 'REFUSED', result: { errors: [asGraphQLError(refusal)] } };
      }
      return { kind: 'SUBSCRIBED', name, answers: subscribe(request, { lease, operation, stream }) };
    },

    async recheck(callerId) {
      for (const subscription of running.values()) {
        if (subscription.callerId !== callerId) continue;
        await subscription.checkCaller();
        subscription.repin();
      }
    },

    end() {
      ended = true;
      stopFollowing();
      for (const subscription of running.values()) subscription.end(subscriptionEnded(SHUTTING_DOWN));
    },
  };
}

const SHUTTING_DOWN = 'the gateway shuts down.';
