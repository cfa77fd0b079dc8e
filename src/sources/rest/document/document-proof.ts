import { UpstreamFailure } from '../../../errors/index.ts';
import { Authenticator, type Credential } from '../../shared/auth/auth.ts';
import { ClientCredentials } from '../../shared/auth/client-credentials.ts';
import { HeaderFields, isFramingField } from '../../shared/header-fields.ts';
import { RequestRefused } from '../../shared/refused.ts';
import type { ReadServices } from '../../source.ts';
import type { RestInput } from '../definition.ts';

/** How one document is asked for. */
export interface DocumentRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const HEADERS: readonly (readonly [string, string])[] = [
  ['accept', 'application/json, application/yaml;q=0.9, text/yaml;q=0.8, */*;q=0.5'],
];

/**
 * Fetches with the source's credential and headers where they belong: at the origin that the document's URL and one
 * of the endpoints share. Anywhere else they would be given to strangers, who need not even be asked for by the owner:
 * a document can refer to others.
 */
export class DocumentProof {
  readonly #input: RestInput;
  readonly #authenticator: Authenticator;
  readonly #origin: string | undefined;

  constructor(input: RestInput, { http, clock }: ReadServices) {
    const { auth } = input;
    this.#input = input;
    const tokens = auth !== undefined && 'oauth2' in auth ? new ClientCredentials(auth.oauth2, http, clock) : undefined;
    this.#authenticator = new Authenticator(auth, tokens);
    this.#origin = sharedOrigin(input);
  }

  /** The source has something to prove itself with, and it was not sent to this URL. */
  withheldFrom(url: string): boolean {
    const { auth, headers = [] } = this.#input;
    return (auth !== undefined || headers.length > 0) && !this.#belongsTo(url);
  }

  /** Says why when the credential cannot be had or sent. */
  async request(url: string, signal: AbortSignal): Promise<DocumentRequest | { readonly failure: string }> {
    const fields = new HeaderFields(HEADERS);
    if (!this.#belongsTo(url)) return { url, headers: fields.toRecord() };
    try {
      const credential = await this.#authenticator.credential(signal);
      for (const { name, value } of this.#input.headers ?? []) {
        const text = typeof value === 'string' ? value : value.reveal();
        if (!isFramingField(name)) fields.set(name, text, `the source's header "${name}"`);
      }
      for (const [name, value] of credential.headers) fields.set(name, value, "the source's credential");
      fields.addCookies(credential.cookies, "the source's credential");
      return { url: withQuery(url, credential), headers: fields.toRecord() };
    } catch (error: unknown) {
      if (error instanceof RequestRefused) return { failure: error.problem };
      if (error instanceof UpstreamFailure) return { failure: 'no access token could be had to fetch it with.' };
      throw error;
    }
  }

  close(): void {
    this.#authenticator.close();
  }

  #belongsTo(url: string): boolean {
    return this.#origin !== undefined && URL.parse(url)?.origin === this.#origin;
  }
}

function sharedOrigin({ url, endpoints = [] }: RestInput): string | undefined {
  const origin = url === undefined ? undefined : URL.parse(url)?.origin;
  return endpoints.some((endpoint) => URL.parse(endpoint.url)?.origin === origin) ? origin : undefined;
}

function withQuery(url: string, { query }: Credential): string {
  if (query.length === 0) return url;
  const parsed = new URL(url);
  parsed.search = [parsed.search.slice(1), ...query].filter((part) => part !== '').join('&');
  return parsed.href;
}
