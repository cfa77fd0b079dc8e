import { type ExecutionResult, GraphQLError } from 'graphql';
import { WeirError } from '../../errors/index.ts';
import type { SubscriptionLimits } from './types.ts';

/** `why` is a sentence. */
export function subscriptionEnded(why: string): WeirError {
  return new WeirError('SUBSCRIPTION_ENDED', `The subscription cannot go on: ${why}`, { retryable: true });
}

export function subscriberTooSlow({ queuedEvents, queuedBytes }: SubscriptionLimits): WeirError {
  return new WeirError(
    'SUBSCRIBER_TOO_SLOW',
    `A subscriber may leave at most ${queuedEvents} events and ${queuedBytes} bytes unread; this one was behind by more.`,
    { retryable: true },
  );
}

export function tooManySubscriptions(allowed: number): WeirError {
  return new WeirError(
    'TOO_MANY_SUBSCRIPTIONS',
    `The gateway may have at most ${allowed} subscriptions at a time; it has as many.`,
    { limit: 'subscriptions', allowed, retryable: true },
  );
}

/** An answer that is nothing but an error. */
export function errorResult(error: unknown): ExecutionResult {
  return { data: null, errors: [asGraphQLError(error)] };
}

export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
