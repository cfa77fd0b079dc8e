import { createRequire } from 'node:module';
import type { ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import type { ProviderAccount } from '../accounts.ts';
import type { ProviderKind, TokenUsage } from '../types.ts';

type PriceData = typeof import('@pydantic/genai-prices');

let loaded: PriceData | undefined;

/**
 * Half a megabyte of prices, loaded when they are first asked for: by `require`, as whoever asks cannot wait. The
 * package's bundled data only; it is never told to refresh them from the network.
 */
function priceData(): PriceData {
  loaded ??= createRequire(import.meta.url)('@pydantic/genai-prices') as PriceData;
  return loaded;
}

/** What the package calls a vendor. */
const NAMES: Readonly<Record<Exclude<ProviderKind, 'OPENAI_COMPATIBLE'>, string>> = {
  OPENAI: 'openai',
  AZURE_OPENAI: 'azure',
  ANTHROPIC: 'anthropic',
  GOOGLE: 'google',
  GOOGLE_VERTEX: 'google',
  AMAZON_BEDROCK: 'aws',
  MISTRAL: 'mistral',
  COHERE: 'cohere',
  XAI: 'x-ai',
  GROQ: 'groq',
  DEEPSEEK: 'deepseek',
};

/** The vendor of an account; a compatible server is known by its URL alone. */
export function findVendor({ kind, baseUrl }: Pick<ProviderAccount, 'kind' | 'baseUrl'>): Provider | undefined {
  if (kind !== 'OPENAI_COMPATIBLE') return priceData().findProvider({ providerId: NAMES[kind] });
  return baseUrl === undefined ? undefined : priceData().findProvider({ providerApiUrl: baseUrl });
}

export interface KnownPrice {
  readonly model: ModelInfo;
  /** Those of the given time: some change by date or hour. */
  readonly prices: ModelPrice;
  readonly totalUsd: number;
}

/** The price of tokens by the vendor's list; undefined when the model is not in it. */
export function priceOf(vendor: Provider, model: string, tokens: TokenUsage, at: Date): KnownPrice | undefined {
  const cachedInput = Math.min(tokens.cachedInput, tokens.input);
  const known = priceData().calcPrice(
    {
      input_tokens: tokens.input,
      cache_read_tokens: cachedInput,
      cache_write_tokens: Math.min(tokens.cacheWrite, tokens.input - cachedInput),
      output_tokens: tokens.output,
      output_reasoning_tokens: Math.min(tokens.reasoning, tokens.output),
    },
    model,
    { providerId: vendor.id, timestamp: at },
  );
  return known === null ? undefined : { model: known.model, prices: known.model_price, totalUsd: known.total_price };
}
