import type { EmbeddingModelV4, LanguageModelV4 } from '@ai-sdk/provider';
import type { ProviderAccount } from '../accounts.ts';

/** The models of one account, as its vendor's package makes them; every request goes through the `fetch` it was given. */
export interface Vendor {
  language(model: string): LanguageModelV4;
  embedding(model: string): EmbeddingModelV4;
}

export interface VendorOptions {
  readonly account: ProviderAccount;
  readonly baseURL: string;
  readonly fetch: typeof fetch;
}

/** Packages take a missing key from the environment, to send it wherever the account leads; so none is ever missing. */
const NO_KEY = 'none';

/**
 * The package of a vendor is loaded here, when an account of its kind is first used. Destination and credential are
 * always given: what packages would read from environment variables instead must not reach an account.
 */
export async function loadVendor({ account, baseURL, fetch }: VendorOptions): Promise<Vendor> {
  const { credential, kind, options } = account;
  const apiKey = credential?.type === 'apiKey' ? credential.apiKey.reveal() : NO_KEY;
  const settings = { baseURL, fetch, apiKey };
  switch (kind) {
    case 'OPENAI': {
      const { organization, project } = options;
      const made = (await import('@ai-sdk/openai')).createOpenAI({
        ...settings,
        ...(organization === undefined ? {} : { organization }),
        ...(project === undefined ? {} : { project }),
      });
      return { language: (model) => made.chat(model), embedding: (model) => made.embeddingModel(model) };
    }
    case 'AZURE_OPENAI': {
      const { apiVersion } = options;
      const made = (await import('@ai-sdk/azure')).createAzure({
        ...settings,
        // Dated versions of the API stand under the names of deployments only.
        ...(apiVersion === undefined ? {} : { apiVersion, useDeploymentBasedUrls: /^\d{4}-/.test(apiVersion) }),
      });
      return { language: (model) => made.chat(model), embedding: (model) => made.embeddingModel(model) };
    }
    case 'ANTHROPIC':
      return vendorOf((await import('@ai-sdk/anthropic')).createAnthropic(settings));
    case 'GOOGLE':
      return vendorOf((await import('@ai-sdk/google')).createGoogle(settings));
    case 'GOOGLE_VERTEX':
      return vendorOf((await import('@ai-sdk/google-vertex')).createGoogleVertex(settings));
    case 'AMAZON_BEDROCK':
      return vendorOf((await import('@ai-sdk/amazon-bedrock')).createAmazonBedrock(bedrockSettings(account, settings)));
    case 'MISTRAL':
      return vendorOf((await import('@ai-sdk/mistral')).createMistral(settings));
    case 'COHERE':
      return vendorOf((await import('@ai-sdk/cohere')).createCohere(settings));
    case 'XAI':
      return vendorOf((await import('@ai-sdk/xai')).createXai(settings));
    case 'GROQ':
      return vendorOf((await import('@ai-sdk/groq')).createGroq(settings));
    case 'DEEPSEEK':
      return vendorOf((await import('@ai-sdk/deepseek')).createDeepSeek(settings));
    case 'OPENAI_COMPATIBLE':
      return vendorOf(
        (await import('@ai-sdk/openai-compatible')).createOpenAICompatible({
          ...settings,
          name: 'compatible',
          includeUsage: true,
          supportsStructuredOutputs: true,
        }),
      );
    default: {
      const never: never = kind;
      return never;
    }
  }
}

function vendorOf(made: {
  languageModel(model: string): LanguageModelV4;
  embeddingModel(model: string): EmbeddingModelV4;
}): Vendor {
  return { language: (model) => made.languageModel(model), embedding: (model) => made.embeddingModel(model) };
}

function bedrockSettings(
  { credential, options }: ProviderAccount,
  settings: { readonly baseURL: string; readonly fetch: typeof fetch; readonly apiKey: string },
) {
  if (credential?.type !== 'accessKey') return settings;
  const { accessKeyId, secretAccessKey, sessionToken } = credential;
  return {
    ...settings,
    apiKey: '',
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    region: options.region ?? 'us-east-1',
    ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
  };
}
