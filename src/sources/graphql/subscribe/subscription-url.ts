import type { SubscriptionsInput } from '../definition.ts';

/**
 * Where the subscriptions of an endpoint go, as an http or https URL, which is how the egress rules and the HTTP client
 * know it: `ws` is `http` with an upgrade. Undefined when the two do not make a URL.
 */
export function subscriptionUrl(
  endpointUrl: string,
  subscriptions: SubscriptionsInput | undefined,
): string | undefined {
  const given = subscriptions?.url;
  if (given === undefined) return endpointUrl;
  return URL.parse(given.replace(/^ws(?=s?:)/i, 'http'), endpointUrl)?.href;
}
