import type { UpstreamFailure } from '../../../errors/index.ts';
import type { Clock } from '../../../runtime/index.ts';
import type { Endpoint, HttpClient } from '../../../upstream/index.ts';
import type { Authenticator, Credential } from '../../shared/auth/auth.ts';
import type { Forwarded } from '../../shared/forwarded.ts';
import type { HeaderFields } from '../../shared/header-fields.ts';
import { type OwnerHeaders, ownHeaders } from '../call/own-headers.ts';
import { withQuery } from '../call/sender.ts';

export interface TransportOptions {
  readonly source: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly ownerHeaders: OwnerHeaders;
  /** Where the subscriptions of an endpoint go, with http or https. */
  urlOf(endpoint: Endpoint): string;
  /** A connection that subscriptions were on was lost. */
  onLost(endpoint: Endpoint, failure: UpstreamFailure): void;
}

/** What opens a connection for subscriptions: where it goes, and who it is for. */
export interface RequestParts {
  readonly url: string;
  readonly headers: HeaderFields;
  readonly credential: Credential | undefined;
}

/** Throws UpstreamFailure when a credential cannot be had, RequestRefused for a header that cannot be sent. */
export async function requestParts(
  { authenticator, ownerHeaders, urlOf }: TransportOptions,
  accept: string,
  forwarded: Forwarded,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<RequestParts> {
  const headers = ownHeaders(accept, ownerHeaders, forwarded.headers);
  const proves = !authenticator.givesWayTo(forwarded.headers);
  const credential = proves ? await authenticator.credential(signal) : undefined;
  for (const [name, value] of credential?.headers ?? []) headers.set(name, value, "the source's credential");
  headers.addCookies(credential?.cookies ?? [], "the source's credential");
  return { url: withQuery(urlOf(endpoint), credential?.query ?? []), headers, credential };
}
