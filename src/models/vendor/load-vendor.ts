import type { EmbeddingModelV4, LanguageModelV4 } from '@ai-sdk/provider';
import type { ProviderAccount } from '../accounts.ts';
import { isDated } from '../openai-format/destination.ts';
import type { ProviderKind } from '../types.ts';

/** The models of one account, as its vendor's package makes them; every request goes through the `fetch` it was given. */
export interface Vendor {
  /** Not asked of the kinds that our own client asks: of those it is vectors only that a package makes. */
  language(model: string): LanguageModelV4;
  embedding(model: string): EmbeddingModelV4;
}

export interface VendorOptions {
  readonly account: ProviderAccount;
  readonly baseURL: string;
  readonly fetch: typeof fetch;
}

type MakeVendor = (account: ProviderAccount, settings: Settings) => Vendor;

interface Settings {
  readonly baseURL: string;
  readonly fetch: typeof fetch;
  readonly apiKey: string;
}

/** Packages take a missing key from the environment, to send it wherever the account leads; so none is ever missing. */
const NO_KEY = 'none';

/** Of each kind that was used: asking the module loader again for every call would cost more than making the vendor. */
const loading = new Map<ProviderKind, Promise<MakeVendor>>();

/**
 * The package of a vendor is loaded here, when an account of its kind is first used. Destination and credential are
 * always given: what packages would read from environment variables instead must not reach an account.
 */
export async function loadVendor({ account, baseURL, fetch }: VendorOptions): Promise<Vendor> {
  const { credential, kind } = account;
  let made = loading.get(kind);
  if (made === undefined) {
    made = load(kind);
    loading.set(kind, made);
  }
  const apiKey = credential?.type === 'apiKey' ? credential.apiKey.reveal() : NO_KEY;
  return (await made)(account, { baseURL, fetch, apiKey });
}

async function load(kind: ProviderKind): Promise<MakeVendor> {
  switch (kind) {
    case 'OPENAI': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return ({ options: { organization, project } }, settings) =>
        vendorOf(
          createOpenAI({
            ...settings,
            ...(organization === undefined ? {} : { organization }),
            ...(project === undefined ? {} : { project }),
          }),
        );
    }
    case 'AZURE_OPENAI': {
      const { createAzure } = await import('@ai-sdk/azure');
      return ({ options: { apiVersion } }, settings) =>
        vendorOf(
          createAzure({
            ...settings,
            ...(apiVersion === undefined ? {} : { apiVersion, useDeploymentBasedUrls: isDated(apiVersion) }),
          }),
        );
    }
    case 'ANTHROPIC': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return (_account, settings) => vendorOf(createAnthropic(settings));
    }
    case 'GOOGLE': {
      const { createGoogle } = await import('@ai-sdk/google');
      return (_account, settings) => vendorOf(createGoogle(settings));
    }
    case 'GOOGLE_VERTEX': {
      const { createGoogleVertex } = await import('@ai-sdk/google-vertex');
      return (_account, settings) => vendorOf(createGoogleVertex(settings));
    }
    case 'AMAZON_BEDROCK': {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      return (account, settings) => vendorOf(createAmazonBedrock(bedrockSettings(account, settings)));
    }
    case 'MISTRAL': {
      const { createMistral } = await import('@ai-sdk/mistral');
      return (_account, settings) => vendorOf(createMistral(settings));
    }
    case 'COHERE': {
      const { createCohere } = await import('@ai-sdk/cohere');
      return (_account, settings) => vendorOf(createCohere(settings));
    }
    case 'XAI': {
      const { createXai } = await import('@ai-sdk/xai');
      return (_account, settings) => vendorOf(createXai(settings));
    }
    case 'GROQ': {
      const { createGroq } = await import('@ai-sdk/groq');
      return (_account, settings) => vendorOf(createGroq(settings));
    }
    case 'DEEPSEEK': {
      const { createDeepSeek } = await import('@ai-sdk/deepseek');
      return (_account, settings) => vendorOf(createDeepSeek(settings));
    }
    case 'OPENAI_COMPATIBLE': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const common = { name: 'compatible', includeUsage: true, supportsStructuredOutputs: true };
      return (_account, settings) => vendorOf(createOpenAICompatible({ ...settings, ...common }));
    }
    default: {
      const never: never = kind;
      return never;
    }
  }
}

interface Embeddings {
  embeddingModel(model: string): EmbeddingModelV4;
}

function vendorOf(made: Embeddings & { languageModel(model: string): LanguageModelV4 }): Vendor {
  return { language: (model) => made.languageModel(model), embedding: (model) => made.embeddingModel(model) };
}

function bedrockSettings({ credential, options }: ProviderAccount, settings: Settings) {
  if (credential?.type !== 'accessKey') return settings;
  const { accessKeyId, secretAccessKey, sessionToken } = credential;
  return {
    ...settings,
    // An empty one: a bearer token of the environment would otherwise go before the access key.
    apiKey: '',
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
  };
}
