import type { ModelPrice } from '@pydantic/genai-prices';
import type { ProviderAccount } from '../accounts.ts';
import type { ModelDescription, ModelPrices } from '../types.ts';
import { findVendor, priceOf } from './price-data.ts';

const NOTHING = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };

/** What is known of a model; what the account's owner declared goes first. Undefined for one that nobody knows. */
export function describeModel(account: ProviderAccount, model: string, at: Date): ModelDescription | undefined {
  const declared = account.models.find(({ name }) => name === model);
  const vendor = findVendor(account);
  const known = vendor && priceOf(vendor, declared?.baseModel ?? model, NOTHING, at);
  if (declared === undefined && known === undefined) return undefined;
  const prices = declared?.prices;
  return {
    contextTokens: declared?.contextTokens ?? known?.model.context_window,
    maxOutputTokens: declared?.maxOutputTokens,
    inputs: declared?.inputs,
    prices:
      prices === undefined
        ? known && listed(known.prices)
        : {
            input: prices.input,
            output: prices.output,
            cachedInput: prices.cachedInput ?? prices.input,
            cacheWrite: prices.cacheWrite ?? prices.input,
          },
  };
}

/** Whether there is anything to describe, which is asked of every call and so made without a description. */
export function knowsModel(
  account: Pick<ProviderAccount, 'kind' | 'baseUrl' | 'models'>,
  model: string,
  at: Date,
): boolean {
  if (account.models.some(({ name }) => name === model)) return true;
  const vendor = findVendor(account);
  if (vendor === undefined) return false;
  // Only names that another's stands for are worth the matching, which costs more than the rest of a call's accounts.
  return vendor.models.some(({ id }) => id === model) || priceOf(vendor, model, NOTHING, at) !== undefined;
}

/** Names of the models that are known to be at an account: declared, or in its vendor's list and not withdrawn. */
export function modelNames(account: ProviderAccount): readonly string[] {
  const listedNames =
    findVendor(account)
      ?.models.filter((model) => model.deprecated !== true)
      .map(({ id }) => id) ?? [];
  return [...new Set([...account.models.map(({ name }) => name), ...listedNames])].sort();
}

function listed(prices: ModelPrice): ModelPrices {
  return {
    input: basePrice(prices.input_mtok),
    output: basePrice(prices.output_mtok),
    cachedInput: basePrice(prices.cache_read_mtok),
    cacheWrite: basePrice(prices.cache_write_mtok),
  };
}

function basePrice(price: ModelPrice[string]): number | undefined {
  return typeof price === 'object' ? price.base : price;
}
