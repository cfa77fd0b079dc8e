import { UpstreamFailure } from '../../../errors/index.ts';
import type { AttemptContext } from '../../../upstream/index.ts';
import { failures } from './failures.ts';
import { openWebSocket } from './open-web-socket.ts';
import { type RequestParts, requestParts, type TransportOptions } from './request-parts.ts';
import type { Listener, Transport, UpstreamSubscription } from './transport.ts';
import { WebSocketSession } from './web-socket-session.ts';

/** WebSockets of one source at one time: one for each endpoint and set of forwarded headers. */
const MAX_SESSIONS = 256;
/** With as many, those that should stand apart share again. */
const MAX_SESSIONS_FOR_APART = 128;
/** Said of the HTTP request, not of who sends it; or the handshake's own. */
const NOT_IN_PAYLOAD = /^(?:accept|user-agent|sec-websocket-.*)$/;

export interface WebSocketTransportOptions extends TransportOptions {
  /** What `connection_init` carries. */
  readonly initPayload: 'NONE' | 'HEADERS';
}

interface Session {
  readonly session: WebSocketSession;
  /** How the connection was asked for, once it was. */
  parts: RequestParts | undefined;
}

/** Subscriptions by graphql-transport-ws: those that send the same headers to the same endpoint share a WebSocket. */
export class WebSocketTransport implements Transport {
  readonly #options: WebSocketTransportOptions;
  /** Those that take further subscriptions. */
  readonly #usable = new Map<string, Session>();
  /** Those that have a socket still. */
  readonly #all = new Set<Session>();
  #closed = false;

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
  }

  async open(subscription: UpstreamSubscription, listener: Listener, context: AttemptContext): Promise<() => void> {
    const first = this.#sessionFor(subscription, context);
    try {
      return await first.session.open(subscription.body, listener, context.signal);
    } catch (error: unknown) {
      if (!this.#lostItsToken(first, error)) throw error;
      return this.#sessionFor(subscription, context).session.open(subscription.body, listener, context.signal);
    }
  }

  close(): void {
    this.#closed = true;
    for (const { session } of this.#all) session.close();
  }

  #sessionFor({ forwarded, apart }: UpstreamSubscription, { endpoint, timeoutMs }: AttemptContext): Session {
    const { source, clock, http, onLost } = this.#options;
    const key = `${endpoint.number}\n${forwarded.varyKey}`;
    const alone = apart && this.#all.size < MAX_SESSIONS_FOR_APART;
    const known = alone ? undefined : this.#usable.get(key);
    if (known !== undefined) return known;
    if (this.#closed) throw failures.closed(source);
    if (this.#all.size >= MAX_SESSIONS) {
      throw failures.overloaded(`${source} has ${MAX_SESSIONS} WebSockets, the most there may be`);
    }
    const session = new WebSocketSession({
      clock,
      connect: async (signal) => {
        const parts = await requestParts(this.#options, '*/*', forwarded, endpoint, signal);
        made.parts = parts;
        const headers = parts.headers.toRecord();
        const socket = await openWebSocket({ url: parts.url, headers, http, clock, timeoutMs, signal });
        return { socket, initPayload: this.#initPayload(headers) };
      },
      onOver: (failure, inUse) => {
        if (this.#usable.get(key) === made) this.#usable.delete(key);
        if (inUse) onLost(endpoint, failure);
      },
      onGone: () => this.#all.delete(made),
    });
    const made: Session = { session, parts: undefined };
    if (!alone) this.#usable.set(key, made);
    this.#all.add(made);
    return made;
  }

  #initPayload(headers: Readonly<Record<string, string>>): Record<string, string> | undefined {
    if (this.#options.initPayload === 'NONE') return undefined;
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_IN_PAYLOAD.test(name)));
  }

  /** The upstream would not have the access token: the next credential has another. */
  #lostItsToken({ parts }: Session, error: unknown): boolean {
    if (!(error instanceof UpstreamFailure) || error.code !== 'UPSTREAM_REJECTED') return false;
    if (parts?.credential === undefined) return false;
    // A close code says in its way what status 401 says.
    return this.#options.authenticator.refused(parts.credential, { status: error.status ?? 401 });
  }
}
