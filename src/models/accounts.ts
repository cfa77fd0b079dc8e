import type { Events, Secret } from '../runtime/index.ts';
import type { ProviderKind } from './types.ts';

/** How an account proves itself to its vendor. */
export type ProviderCredential =
  | { readonly type: 'apiKey'; readonly apiKey: Secret }
  /** AWS Signature Version 4. */
  | {
      readonly type: 'accessKey';
      readonly accessKeyId: string;
      readonly secretAccessKey: Secret;
      readonly sessionToken?: Secret;
    }
  /** A Google service account: tokens are made from its key (RFC 7523). */
  | { readonly type: 'serviceAccount'; readonly clientEmail: string; readonly privateKey: Secret }
  /** A token that somebody else has made, and makes anew before it ends. */
  | { readonly type: 'accessToken'; readonly accessToken: Secret };

/** What only some kinds know. */
export interface ProviderOptions {
  /** OPENAI. */
  readonly organization?: string;
  /** OPENAI, and the Google Cloud project of GOOGLE_VERTEX. */
  readonly project?: string;
  /** GOOGLE_VERTEX, such as `europe-west1`. */
  readonly location?: string;
  /** AMAZON_BEDROCK, such as `eu-central-1`. */
  readonly region?: string;
  /** AZURE_OPENAI: `https://<resourceName>.openai.azure.com`, unless there is a base URL. */
  readonly resourceName?: string;
  /** AZURE_OPENAI. */
  readonly apiVersion?: string;
}

/** USD for a million tokens, as the account's owner pays them: in place of everything the catalogue says of the model. */
export interface DeclaredPrices {
  readonly input: number;
  readonly output: number;
  /** Default: that of input. */
  readonly cachedInput?: number;
  /** Default: that of input. */
  readonly cacheWrite?: number;
}

/** What the account's owner says of a model; goes before the catalogue, which knows many and not all. */
export interface DeclaredModel {
  /** As the vendor calls it, without the provider's name before it. */
  readonly name: string;
  /**
   * Which model it is, as the catalogue calls it, where the name does not tell: of a deployment. What is not said here of
   * the model itself is as the catalogue says of that one.
   */
  readonly baseModel?: string;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  readonly inputs?: readonly string[];
  readonly prices?: DeclaredPrices;
}

/** A vendor's account. Destination and credential are one: nothing in a request changes either. */
export interface ProviderAccount {
  /** `[a-z][a-z0-9-]*` */
  readonly name: string;
  readonly kind: ProviderKind;
  /** Instead of the vendor's own. Always there for OPENAI_COMPATIBLE. */
  readonly baseUrl?: string;
  /** Left out where the server asks for none, such as a model server of one's own. */
  readonly credential?: ProviderCredential;
  readonly headers: readonly { readonly name: string; readonly value: string | Secret }[];
  readonly options: ProviderOptions;
  readonly models: readonly DeclaredModel[];
  /** Never the same for two accounts of one name, not even when one was removed in between. */
  readonly version: number;
}

/** The accounts as they are registered now. */
export interface ModelAccounts {
  account(name: string): ProviderAccount | undefined;
  /** By name. */
  list(): readonly ProviderAccount[];
  /** Told when an account was set or removed, before the one who did it hears of it. */
  readonly events: Events<{ readonly name: string }>;
}
