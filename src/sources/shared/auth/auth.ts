import type { HttpResponse } from '../../../upstream/index.ts';
import type { UpstreamAuth } from '../../rest/definition.ts';
import { encodeComponent } from '../percent.ts';
import { basic } from './basic.ts';
import type { ClientCredentials } from './client-credentials.ts';

/** What proves Weir to the upstream, for one request. */
export interface Credential {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `name=value`, encoded. */
  readonly query: readonly string[];
  readonly cookies: readonly string[];
  /** The OAuth token it holds, to be given back when the upstream refuses it. */
  readonly token?: string;
}

const NONE: Credential = { headers: [], query: [], cookies: [] };

/** Makes the credential of a source. Secrets are revealed here, at the moment of use, and kept nowhere else. */
export class Authenticator {
  readonly #auth: UpstreamAuth | undefined;
  readonly #tokens: ClientCredentials | undefined;

  constructor(auth: UpstreamAuth | undefined, tokens: ClientCredentials | undefined) {
    this.#auth = auth;
    this.#tokens = tokens;
  }

  /** The caller sent a proof of their own in the same place, and the owner forwards it: that one counts. */
  givesWayTo(forwarded: readonly (readonly [name: string, value: string])[]): boolean {
    const own = headerOf(this.#auth);
    return own !== undefined && forwarded.some(([name]) => name === own);
  }

  /** Throws UpstreamFailure when a token cannot be had. */
  async credential(signal: AbortSignal): Promise<Credential> {
    const auth = this.#auth;
    if (auth === undefined) return NONE;
    if ('bearer' in auth) return authorization(`Bearer ${auth.bearer.token.reveal()}`);
    if ('basic' in auth) return authorization(basic(auth.basic.username, auth.basic.password.reveal()));
    if ('apiKey' in auth) return apiKey(auth.apiKey.in, auth.apiKey.name, auth.apiKey.value.reveal());
    if (this.#tokens === undefined) return NONE;
    const token = await this.#tokens.token(signal);
    return { ...authorization(`Bearer ${token}`), token };
  }

  /** Whether the upstream refused a token that another may replace. Forgets it, so that the next credential has a new one. */
  refused(credential: Credential, response: Pick<HttpResponse, 'status'>): boolean {
    if (response.status !== 401 || credential.token === undefined || this.#tokens === undefined) return false;
    this.#tokens.forget(credential.token);
    return true;
  }

  /** What proves Weir, in every form in which it is sent; tokens are in the credentials that used them. */
  secrets(): readonly string[] {
    const auth = this.#auth;
    if (auth === undefined) return [];
    if ('bearer' in auth) return [auth.bearer.token.reveal()];
    if ('basic' in auth) {
      const password = auth.basic.password.reveal();
      return [password, basic(auth.basic.username, password).slice('Basic '.length)];
    }
    if ('apiKey' in auth) return [auth.apiKey.value.reveal()];
    return [auth.oauth2.clientSecret.reveal()];
  }

  close(): void {
    this.#tokens?.close();
  }
}

/** The header, in lower case, in which the credential goes. */
function headerOf(auth: UpstreamAuth | undefined): string | undefined {
  if (auth === undefined) return undefined;
  if (!('apiKey' in auth)) return 'authorization';
  return auth.apiKey.in === 'HEADER' ? auth.apiKey.name.toLowerCase() : undefined;
}

function authorization(value: string): Credential {
  return { ...NONE, headers: [['authorization', value]] };
}

function apiKey(place: 'HEADER' | 'QUERY' | 'COOKIE', name: string, value: string): Credential {
  switch (place) {
    case 'HEADER':
      return { ...NONE, headers: [[name, value]] };
    case 'QUERY':
      return { ...NONE, query: [`${encodeComponent(name)}=${encodeComponent(value)}`] };
    case 'COOKIE':
      return { ...NONE, cookies: [`${encodeComponent(name)}=${encodeComponent(value)}`] };
    default: {
      const never: never = place;
      return never;
    }
  }
}
