import type { DocumentNode } from 'graphql';
import type { Caller } from '../../access/index.ts';
import type { GraphVersion, GraphView, RequestContext } from '../../schema/index.ts';

/** On whose behalf an operation runs that may outlive the graph version it began with, and the caller's key. */
export interface Subscriber {
  readonly caller: Caller;
  /** Asked before each event: throws the error that ends the subscription when the caller's key opens nothing any more. */
  check(): Promise<void>;
  /** The part of a version that the caller may use. */
  view(version: GraphVersion): GraphView;
  /** A context of its own for each time something is run: its deadline and its allowance of calls begin then. */
  context(version: GraphVersion, signal: AbortSignal): RequestContext;
}

/** What is asked over a way that carries many answers. */
export interface SubscriberRequest {
  readonly source: string;
  /** `source`, parsed, when somebody did that already. */
  readonly document?: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly subscriber: Subscriber;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

export interface SubscriptionLimits {
  /** Subscriptions at a time, of all clients together. */
  readonly subscriptions: number;
  /** Events that wait for one subscriber to read them. */
  readonly queuedEvents: number;
  /** Bytes of these, as estimated; the first of them does not count. */
  readonly queuedBytes: number;
  /** Milliseconds in which who has as many waiting must read one: a burst may be larger, a reader may not stand still. */
  readonly patienceMs: number;
}

export const DEFAULT_SUBSCRIPTION_LIMITS: SubscriptionLimits = {
  subscriptions: 20_000,
  queuedEvents: 256,
  queuedBytes: 1024 * 1024,
  patienceMs: 1000,
};
