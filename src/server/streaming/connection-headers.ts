import type { RequestHeaders } from '../../access/index.ts';

/** What a client may say in `connection_init` that it would say in a header of HTTP. */
const SAID_IN_PAYLOAD = ['weir-key', 'authorization', 'weir-trace', 'weir-max-stale', 'weir-consistency'];

/**
 * The headers of a WebSocket: those of its upgrade, and of `connection_init` what a browser, which cannot set headers
 * there, has no other place for. A header that the upgrade has is not replaced, and no other comes from the payload:
 * what stands before the gateway may vouch for headers, not for messages.
 */
export function connectionHeaders(upgrade: RequestHeaders, payload: unknown): RequestHeaders {
  if (typeof payload !== 'object' || payload === null) return upgrade;
  const headers: Record<string, string | readonly string[] | undefined> = { ...upgrade };
  for (const [name, value] of Object.entries(payload)) {
    const lowerCase = name.toLowerCase();
    if (typeof value !== 'string' || !SAID_IN_PAYLOAD.includes(lowerCase)) continue;
    headers[lowerCase] ??= value;
  }
  return headers;
}
