import type { UpstreamFailure } from '../../../errors/index.ts';
import { type ConfigurableEndpointPool, createEndpointPool, type Endpoint } from '../../../upstream/index.ts';
import { LADDER_DEFAULTS } from '../../ladder/index.ts';
import type { Policy } from '../../policy.ts';
import type { Forwarded } from '../../shared/forwarded.ts';
import type { CallContext, SourceServices, SubscriptionEvent } from '../../source.ts';
import type { AskedField } from '../call/read-answers.ts';
import type { SubscriptionsInput } from '../definition.ts';
import { failures } from './failures.ts';
import type { TransportOptions } from './request-parts.ts';
import { RECONNECT, SharedSubscription } from './shared-subscription.ts';
import { SseTransport } from './sse-transport.ts';
import { Subscriber } from './subscriber.ts';
import { subscriptionUrl } from './subscription-url.ts';
import type { Transport } from './transport.ts';
import { WebSocketTransport } from './web-socket-transport.ts';

export interface SubscriptionsOptions extends Omit<TransportOptions, 'source' | 'urlOf' | 'onLost'> {
  readonly services: SourceServices;
  readonly endpoints: readonly Endpoint[];
  readonly subscriptions: SubscriptionsInput | undefined;
  /** The endpoints of the source, whose health counts wherever subscriptions go to the same servers. */
  readonly pool: ConfigurableEndpointPool;
}

/** What one subscriber asks for. */
export interface SubscriptionRequest {
  /** Equal for all who would get the same answers from the upstream, forwarded headers aside. */
  readonly key: string;
  /** JSON text: `{"query": …, "variables": …}`. */
  readonly body: string;
  readonly forwarded: Forwarded;
  /** The field that answers come for. */
  readonly field: AskedField;
  /** The operation's policy of now. */
  policy(): Policy;
}

/** The subscriptions of one source. Equal ones are one at the upstream, unless they forward different headers. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #transport: Transport;
  readonly #pool: ConfigurableEndpointPool;
  readonly #shared = new Map<string, SharedSubscription>();
  #paused: PromiseWithResolvers<void> | undefined;
  #closed = false;

  constructor(options: SubscriptionsOptions) {
    const { endpoints, pool, services, subscriptions } = options;
    this.#options = options;
    const urls = new Map(endpoints.map(({ number, url }) => [number, subscriptionUrl(url, subscriptions) ?? url]));
    const urlOf = ({ number }: Endpoint): string => urls.get(number) ?? '';
    const elsewhere = endpoints.some(
      (endpoint) => URL.parse(urlOf(endpoint))?.origin !== URL.parse(endpoint.url)?.origin,
    );
    // Servers of their own have a health of their own: queries do not suffer for them.
    this.#pool = elsewhere
      ? createEndpointPool({ source: services.name, endpoints, clock: services.clock, random: services.random })
      : pool;
    const transport: TransportOptions = {
      ...options,
      source: services.name,
      urlOf,
      onLost: ({ number }, failure) => this.#pool.lost(number, failure),
    };
    this.#transport =
      subscriptions?.transport === 'SSE'
        ? new SseTransport(transport)
        : new WebSocketTransport({ ...transport, initPayload: subscriptions?.initPayload ?? 'NONE' });
    this.setPaused(services.settings.paused);
  }

  subscribe(request: SubscriptionRequest, context: CallContext): AsyncIterable<SubscriptionEvent> {
    return {
      [Symbol.asyncIterator]: () => {
        let joined: SharedSubscription | undefined;
        return new Subscriber(
          context.signal,
          (subscriber) => {
            joined = this.#join(request, context, subscriber);
          },
          (subscriber) => joined?.leave(subscriber),
        );
      },
    };
  }

  setPaused(paused: boolean): void {
    if (this.#pool !== this.#options.pool) this.#pool.setPaused(paused);
    if (paused === (this.#paused !== undefined)) return;
    if (paused) {
      this.#paused = Promise.withResolvers();
      for (const shared of this.#shared.values()) shared.pause();
    } else {
      this.#paused?.resolve();
      this.#paused = undefined;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const shared of [...this.#shared.values()]) shared.end(failures.closed(this.#options.services.name));
    this.#transport.close();
    if (this.#pool !== this.#options.pool) await this.#pool.close();
  }

  #join(request: SubscriptionRequest, context: CallContext, subscriber: Subscriber): SharedSubscription | undefined {
    const key = `${request.key}\n${request.forwarded.varyKey}`;
    const known = this.#shared.get(key);
    const refusal = known === undefined ? this.#refusal(context) : undefined;
    if (refusal !== undefined) {
      subscriber.end(refusal);
      return undefined;
    }
    const shared = known ?? this.#begin(key, request, context);
    shared.join(subscriber);
    return shared;
  }

  #refusal(context: CallContext): UpstreamFailure | undefined {
    if (this.#closed) return failures.closed(this.#options.services.name);
    return context.takeUpstreamCall() ? undefined : failures.noAllowance();
  }

  #begin(
    key: string,
    { body, field, forwarded, policy }: SubscriptionRequest,
    context: CallContext,
  ): SharedSubscription {
    const { name, clock, random } = this.#options.services;
    let openUntil: number | undefined = context.deadline;
    const shared: SharedSubscription = new SharedSubscription({
      source: name,
      field,
      clock,
      random,
      send: (listener, attempt, apart) => this.#transport.open({ body, forwarded, apart }, listener, attempt),
      open: (attempt, signal) => {
        const { deadlineMs, attemptTimeoutMs, retries } = policy();
        const deadline = clock.now() + (deadlineMs ?? LADDER_DEFAULTS.deadlineMs);
        const call = {
          attempt,
          signal,
          idempotent: true,
          // Whoever subscribes first waits no longer than they wish to; later on nobody waits.
          deadline: Math.min(deadline, openUntil ?? deadline),
          attemptTimeoutMs: attemptTimeoutMs ?? LADDER_DEFAULTS.attemptTimeoutMs,
          retries: retries ?? LADDER_DEFAULTS.retries,
        };
        openUntil = undefined;
        return this.#pool.call(call);
      },
      reconnects: () => policy().reconnects ?? RECONNECT.tries,
      pauseOver: (signal) => this.#pauseOver(signal),
      onOver: () => {
        if (this.#shared.get(key) === shared) this.#shared.delete(key);
      },
    });
    this.#shared.set(key, shared);
    return shared;
  }

  #pauseOver(signal: AbortSignal): Promise<void> | undefined {
    const paused = this.#paused;
    if (paused === undefined) return undefined;
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    return Promise.race([paused.promise, aborted]);
  }
}
