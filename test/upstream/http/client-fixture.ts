import { UpstreamFailure } from '../../../src/errors/index.ts';
import {
  createEgressGuard,
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
} from '../../../src/upstream/index.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

/** A client on a fake clock that may reach loopback; `request` fills in what a test does not care for. */
export function makeClient(options: Partial<HttpClientOptions> = {}) {
  const clock = new FakeClock();
  const egress = createEgressGuard({ allow: [], allowPrivate: true });
  const client: HttpClient = createHttpClient({ egress, clock, ...options });
  return {
    client,
    clock,
    get: (url: string, more: Partial<HttpRequest> = {}) =>
      client.request({
        method: 'GET',
        url,
        headers: {},
        signal: new AbortController().signal,
        timeoutMs: 3000,
        ...more,
      }),
  };
}

/** The failure that the promise must end with. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamFailure> {
  const result: unknown = await promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (result instanceof UpstreamFailure) return result;
  throw new Error(`expected an UpstreamFailure, but got: ${String(result)} ${JSON.stringify(result)}`);
}

/** Lets real I/O go on until the condition holds; the test's own timeout is the limit. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}
