import type { RequestHeaders } from '../../access/index.ts';

/**
 * Whether a page of another origin may not read here. Browsers keep to the same origin for answers to `fetch`, but let
 * any page open a WebSocket to any server it can reach, in the network of whoever looks at the page.
 * Who is no browser sends no Origin, and is not asked for one.
 */
export function isForeignOrigin(headers: RequestHeaders, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes('*')) return false;
  const given = String(origin).toLowerCase();
  if (allowed.some((one) => one.toLowerCase() === given)) return false;
  // Scheme aside: whatever ends TLS in front of the gateway keeps the host.
  return !URL.canParse(given) || new URL(given).host !== String(host).toLowerCase();
}
