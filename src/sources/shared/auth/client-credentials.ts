import { UpstreamFailure } from '../../../errors/index.ts';
import type { Clock } from '../../../runtime/index.ts';
import type { HttpClient, HttpResponse } from '../../../upstream/index.ts';
import type { UpstreamAuth } from '../../rest/definition.ts';
import { isRecord } from '../is-record.ts';
import { basic } from './basic.ts';

export type ClientCredentialsAuth = Extract<UpstreamAuth, { oauth2: unknown }>['oauth2'];

/** The token server gets this long, whoever waits; a waiter leaves when its own attempt ends. */
const FETCH_TIMEOUT_MS = 5_000;
/** A token is renewed this long before it expires, or in the last tenth of a shorter life. */
const RENEW_BEFORE_MS = 30_000;
/** After a failed fetch, callers get the same failure for this long instead of a fetch each. */
const FAILURE_BACKOFF_MS = 1_000;
const MAX_TOKEN_BYTES = 64 * 1024;

type State =
  | { readonly phase: 'none' }
  | { readonly phase: 'fetching'; readonly token: Promise<string> }
  | { readonly phase: 'held'; readonly token: string; readonly renewAt: number }
  | { readonly phase: 'failed'; readonly failure: UpstreamFailure; readonly until: number }
  | { readonly phase: 'closed' };

/**
 * The OAuth 2 client credentials grant (RFC 6749 section 4.4): a token is fetched when first needed,
 * kept until shortly before it expires, and renewed by one request at a time that everybody waits for.
 * A token without `expires_in` is kept until the upstream refuses it.
 */
export class ClientCredentials {
  readonly #auth: ClientCredentialsAuth;
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #state: State = { phase: 'none' };

  constructor(auth: ClientCredentialsAuth, http: HttpClient, clock: Clock) {
    this.#auth = auth;
    this.#http = http;
    this.#clock = clock;
  }

  /** Throws UpstreamFailure: the request it was wanted for has not left. */
  token(signal: AbortSignal): Promise<string> {
    const state = this.#state;
    const now = this.#clock.now();
    switch (state.phase) {
      case 'held':
        return now < state.renewAt ? Promise.resolve(state.token) : waitFor(this.#fetch(), signal);
      case 'fetching':
        return waitFor(state.token, signal);
      case 'failed':
        return now < state.until ? Promise.reject(state.failure) : waitFor(this.#fetch(), signal);
      case 'closed':
        return Promise.reject(cancelled());
      case 'none':
        return waitFor(this.#fetch(), signal);
      default: {
        const never: never = state;
        return never;
      }
    }
  }

  /** The upstream refused this token: the next caller fetches another. A newer one stays. */
  forget(token: string): void {
    if (this.#state.phase === 'held' && this.#state.token === token) this.#state = { phase: 'none' };
  }

  close(): void {
    this.#state = { phase: 'closed' };
    this.#closing.abort();
  }

  #fetch(): Promise<string> {
    const fetching = this.#request().then(
      ({ token, lifeMs }) => {
        const now = this.#clock.now();
        const margin = Math.min(RENEW_BEFORE_MS, lifeMs / 10);
        this.#settle({ phase: 'held', token, renewAt: now + lifeMs - margin });
        return token;
      },
      (error: unknown) => {
        const failure = tokenFailure(error);
        this.#settle({ phase: 'failed', failure, until: this.#clock.now() + FAILURE_BACKOFF_MS });
        throw failure;
      },
    );
    this.#state = { phase: 'fetching', token: fetching };
    return fetching;
  }

  #settle(state: State): void {
    if (this.#state.phase !== 'closed') this.#state = state;
  }

  async #request(): Promise<{ readonly token: string; readonly lifeMs: number }> {
    const { tokenUrl, clientId, clientSecret, scopes, clientAuthentication } = this.#auth;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scopes !== undefined && scopes.length > 0) form.set('scope', scopes.join(' '));
    const headers: Record<string, string> = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    };
    if (clientAuthentication === 'BODY') {
      form.set('client_id', clientId);
      form.set('client_secret', clientSecret.reveal());
    } else {
      // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
      headers.authorization = basic(formEncoded(clientId), formEncoded(clientSecret.reveal()));
    }
    const response = await this.#http.request({
      method: 'POST',
      url: tokenUrl,
      headers,
      body: form.toString(),
      signal: this.#closing.signal,
      timeoutMs: FETCH_TIMEOUT_MS,
      maxBytes: MAX_TOKEN_BYTES,
    });
    return readToken(response);
  }
}

function readToken(response: HttpResponse): { readonly token: string; readonly lifeMs: number } {
  if (response.status < 200 || response.status > 299)
    throw refusal(`the token server answered ${response.status}`, response.status);
  let answer: unknown;
  try {
    answer = JSON.parse(response.body.toString('utf8'));
  } catch (error: unknown) {
    // The parser's message quotes the text, which may hold the token.
    throw refusal(`the token server's answer is not JSON (${error instanceof Error ? error.name : 'error'})`, 200);
  }
  const token = isRecord(answer) ? answer.access_token : undefined;
  if (!isRecord(answer) || typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw refusal("the token server's answer has no usable access_token", 200);
  }
  const type = answer.token_type;
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    throw refusal('the token server gave a token that is not of type bearer', 200);
  }
  const seconds = Number(answer.expires_in);
  return { token, lifeMs: seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY };
}

function refusal(detail: string, status: number): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_ERROR',
    reason: 'proxy_internal_error',
    detail,
    neverLeft: true,
    retryable: status >= 500 || status === 429,
    countsAgainstHealth: false,
  });
}

/** Whatever went wrong at the token server says nothing of the endpoint, and nothing was sent to that. */
function tokenFailure(error: unknown): UpstreamFailure {
  const known = error instanceof UpstreamFailure ? error : undefined;
  return new UpstreamFailure({
    code: known?.code ?? 'UPSTREAM_ERROR',
    reason: known?.reason ?? 'proxy_internal_error',
    detail: `no token for the upstream: ${known?.detail ?? 'the token request failed'}`,
    neverLeft: true,
    retryable: known?.retryable ?? false,
    countsAgainstHealth: false,
    cause: error,
  });
}

function cancelled(): UpstreamFailure {
  return new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'cancelled',
    detail: 'nobody waits for the token any more',
    neverLeft: true,
    retryable: false,
    countsAgainstHealth: false,
  });
}

/** The shared promise, or a failure as soon as this waiter's own signal aborts. */
function waitFor(shared: Promise<string>, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason instanceof UpstreamFailure ? signal.reason : cancelled());
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
