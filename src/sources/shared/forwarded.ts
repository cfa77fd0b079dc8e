import { createHash } from 'node:crypto';
import type { UpstreamAuth } from '../rest/definition.ts';
import { mayForward } from './header-fields.ts';

/** The client's request headers that a call passes on. */
export interface Forwarded {
  /** Sorted by name. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** One of them proves who the caller is. */
  readonly credentials: boolean;
  /** Canonical text of those that may shape the answer; credentials stand in it as digests. '' when there are none. */
  readonly varyKey: string;
  /** The same without the credentials. */
  readonly publicVaryKey: string;
  /** Those that follow a request through many systems: they shape an answer only if its upstream says so. */
  readonly varyHeaders: Readonly<Record<string, string>>;
}

const NOTHING: Forwarded = { headers: [], credentials: false, varyKey: '', publicVaryKey: '', varyHeaders: {} };

/** Different in every request, so that a cache which told them apart would never hit. */
const TRACING_NAME =
  /^(?:traceparent|tracestate|baggage|b3|x-b3-.*|x-request-id|x-correlation-id|x-trace-id|x-amzn-trace-id|x-cloud-trace-context|uber-trace-id|sentry-trace)$/;

/** Parts of header names that speak of proof. A false alarm costs a shared cache entry; a miss would leak one. */
const CREDENTIAL_NAME =
  /auth|cookie|token|secret|session|credential|passw|signature|jwt|(?:api|access|private|client|subscription)[-_]?key|user|account|tenant|customer|identity|impersonat/i;

export type Forward = (headers: Readonly<Record<string, string>>) => Forwarded;

/** `names` as the owner gave them; those of the connection and of the client's own request are never passed on. */
export function compileForward(names: readonly string[], auth: UpstreamAuth | undefined): Forward {
  const forwarded = [...new Set(names.map((name) => name.toLowerCase()).filter(mayForward))].sort();
  if (forwarded.length === 0) return () => NOTHING;
  const key =
    auth !== undefined && 'apiKey' in auth && auth.apiKey.in === 'HEADER' ? auth.apiKey.name.toLowerCase() : '';
  const isCredential = new Map(forwarded.map((name) => [name, name === key || CREDENTIAL_NAME.test(name)]));
  return (given) => {
    const headers: (readonly [string, string])[] = [];
    const varyHeaders: Record<string, string> = {};
    let credentials = '';
    let others = '';
    // RFC 9110 section 7.6.1: a field that Connection names ends here.
    const ended = given.connection?.toLowerCase().split(/[\s,]+/) ?? [];
    for (const name of forwarded) {
      const value = given[name];
      if (value === undefined || ended.includes(name)) continue;
      headers.push([name, value]);
      if (isCredential.get(name) === true) credentials += `${name}:${digest(value)}\n`;
      else if (TRACING_NAME.test(name)) varyHeaders[name] = value;
      else others += `${name}:${JSON.stringify(value)}\n`;
    }
    if (headers.length === 0) return NOTHING;
    return {
      headers,
      credentials: credentials !== '',
      varyKey: others + credentials,
      publicVaryKey: others,
      varyHeaders,
    };
  };
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
