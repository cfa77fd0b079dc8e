import { Buffer } from 'node:buffer';
import type { Clock, Secret } from '../../runtime/index.ts';
import type { HttpClient } from '../../upstream/index.ts';
import type { ProviderAccount } from '../accounts.ts';
import { failures } from './failures.ts';
import { secretsOf } from './secrets.ts';
import { withAnswer } from './with-answer.ts';

export interface AccountFetchOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly account: ProviderAccount;
  readonly baseUrl: string;
  readonly streamed: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Makes the `authorization` header where the vendor's package cannot. */
  readonly authorize: (() => Promise<string>) | undefined;
  /** Throws for a body that must not be sent. */
  readonly check: (body: string) => void;
  readonly onSent: () => void;
}

/** Where vendors' packages write a credential. */
const CREDENTIALS = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key'];

/**
 * The only way out for a vendor's package: requests of one call, under the gateway's own rules for upstreams. They go
 * to the account's base URL or nowhere, with the account's credential; an answer that is a failure is thrown as one.
 */
export function accountFetch(options: AccountFetchOptions): typeof fetch {
  const { http, clock, account, streamed, timeoutMs, signal, check, onSent } = options;
  const base = new URL(`${options.baseUrl}/`);

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) {
      throw failures.unsendable("the request would leave its account's base URL");
    }
    const request = {
      method: init?.method ?? 'GET',
      url: url.href,
      headers: await sentHeaders(init?.headers, options),
      ...bodyOf(init?.body),
      signal,
      timeoutMs,
    };
    if (typeof init?.body === 'string') check(init.body);
    onSent();
    const answer = streamed ? await http.stream(request) : await http.request(request);
    const { status, headers } = answer;
    if (status >= 300) {
      const body = answer.body instanceof Uint8Array ? answer.body : await collect(answer.body);
      throw withAnswer({ status, headers, body }, secretsOf(account), clock.now());
    }
    const body = answer.body instanceof Uint8Array ? new Uint8Array(answer.body) : readableOf(answer.body);
    return new Response(body, { status, headers });
  };
}

async function sentHeaders(
  given: RequestInit['headers'],
  { account, authorize }: AccountFetchOptions,
): Promise<Record<string, string>> {
  const headers = Object.fromEntries(new Headers(given));
  if (account.credential === undefined || authorize !== undefined) {
    for (const name of CREDENTIALS) delete headers[name];
  }
  if (authorize !== undefined) headers.authorization = await authorize();
  for (const { name, value } of account.headers) headers[name.toLowerCase()] = textOf(value);
  return headers;
}

const textOf = (value: string | Secret): string => (typeof value === 'string' ? value : value.reveal());

function bodyOf(body: RequestInit['body'] | undefined): { readonly body?: string | Uint8Array } {
  if (body === undefined || body === null) return {};
  if (typeof body === 'string' || body instanceof Uint8Array) return { body };
  throw failures.unsendable('the body of a request to a model must be text or bytes');
}

/** Pulls as it is read; giving it up ends the upstream's socket. */
function readableOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
