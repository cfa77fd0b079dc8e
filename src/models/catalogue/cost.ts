import type { DeclaredPrices, ProviderAccount } from '../accounts.ts';
import type { TokenUsage } from '../types.ts';
import { findVendor, priceOf } from './price-data.ts';

/**
 * USD for the tokens of one call: what the account's owner declared, else the vendor's list. Undefined when a price that
 * it takes is not known.
 */
export function costOf(account: ProviderAccount, model: string, tokens: TokenUsage, at: Date): number | undefined {
  const declared = account.models.find(({ name }) => name === model);
  if (declared?.prices !== undefined) return declaredCost(declared.prices, tokens);
  const vendor = findVendor(account);
  const known = vendor && priceOf(vendor, declared?.baseModel ?? model, tokens, at);
  if (known === undefined) return undefined;
  // A list without a price would make it nothing.
  if (tokens.input > 0 && known.prices.input_mtok === undefined) return undefined;
  if (tokens.output > 0 && known.prices.output_mtok === undefined) return undefined;
  return known.totalUsd;
}

function declaredCost(prices: DeclaredPrices, { input, output, cachedInput, cacheWrite }: TokenUsage): number {
  const cached = Math.min(cachedInput, input);
  const written = Math.min(cacheWrite, input - cached);
  const perMillion =
    (input - cached - written) * prices.input +
    cached * (prices.cachedInput ?? prices.input) +
    written * (prices.cacheWrite ?? prices.input) +
    output * prices.output;
  return perMillion / 1e6;
}
