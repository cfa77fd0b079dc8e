import { createSign } from 'node:crypto';
import type { Clock } from '../../runtime/index.ts';
import type { HttpClient } from '../../upstream/index.ts';
import type { ProviderCredential } from '../accounts.ts';
import { failures } from './failures.ts';
import { withAnswer } from './with-answer.ts';

export const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const LIFETIME_S = 3600;
/** A token is made anew this long before it ends, so that none ends on its way. */
const MARGIN_MS = 60_000;

export type ServiceAccount = Extract<ProviderCredential, { readonly type: 'serviceAccount' }>;

export interface GoogleTokensOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly tokenUrl: string;
}

/** Access tokens of Google service accounts (RFC 7523), one at a time for each and kept while they are good. */
export class GoogleTokens {
  readonly #options: GoogleTokensOptions;
  readonly #tokens = new WeakMap<ServiceAccount, { readonly token: Promise<string>; until: number }>();

  constructor(options: GoogleTokensOptions) {
    this.#options = options;
  }

  /** The value of an `authorization` header. Throws UpstreamFailure. */
  async authorization(account: ServiceAccount): Promise<string> {
    const known = this.#tokens.get(account);
    if (known !== undefined && known.until > this.#options.clock.now()) return `Bearer ${await known.token}`;
    const made = { token: this.#ask(account), until: this.#options.clock.now() + LIFETIME_S * 1000 - MARGIN_MS };
    this.#tokens.set(account, made);
    try {
      return `Bearer ${await made.token}`;
    } catch (error: unknown) {
      if (this.#tokens.get(account) === made) this.#tokens.delete(account);
      throw error;
    }
  }

  /** Not cancelled with the call that began it: others wait for the same token. */
  async #ask(account: ServiceAccount): Promise<string> {
    const { http, clock, tokenUrl } = this.#options;
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertionOf(account, tokenUrl, clock.now()),
    });
    const answer = await http.request({
      method: 'POST',
      url: tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      signal: new AbortController().signal,
      timeoutMs: 5000,
    });
    if (answer.status >= 500 || answer.status === 429)
      throw withAnswer(answer, [account.privateKey.reveal()], clock.now());
    if (answer.status !== 200) throw failures.credential({ status: answer.status });
    return readToken(answer.body.toString());
  }
}

function assertionOf({ clientEmail, privateKey }: ServiceAccount, audience: string, now: number): string {
  const iat = Math.floor(now / 1000);
  const claims = { iss: clientEmail, scope: SCOPE, aud: audience, iat, exp: iat + LIFETIME_S };
  const unsigned = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  try {
    return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey.reveal(), 'base64url')}`;
  } catch {
    throw failures.credential({}); // the error of a key that is none may quote it
  }
}

function readToken(text: string): string {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && 'access_token' in read && typeof read.access_token === 'string') {
      return read.access_token;
    }
  } catch {
    // said below
  }
  throw failures.invalid('a token was expected, but the answer has none');
}
