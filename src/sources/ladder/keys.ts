import { type CacheKey, type CacheScope, canonicalJson, keyText } from '../../cache/index.ts';
import type { OperationRules } from './rules.ts';
import type { LadderCall } from './types.ts';

const PUBLIC: CacheScope = { kind: 'PUBLIC' };

/**
 * Who may be given the answer: the caller alone as soon as a credential of theirs is forwarded, unless the policy
 * says otherwise (RFC 9111 section 3.5 is stricter only in that an upstream may lift it; here its owner does).
 */
export function scopeOf(call: LadderCall, rules: OperationRules): CacheScope {
  const scope = rules.scope ?? (call.forwardsCredentials ? 'PRIVATE' : 'PUBLIC');
  return scope === 'PUBLIC' ? PUBLIC : { kind: 'PRIVATE', callerId: call.context.callerId };
}

/** The request headers that upstreams have named in Vary, by operation: the second step of a key. */
export class VaryNames {
  readonly #names = new Map<string, readonly string[]>();

  /** Learns those of the names that this call could vary by. Bounded by the headers a source forwards. */
  learn(call: LadderCall, names: readonly string[]): void {
    const known = this.#names.get(call.operation.name) ?? [];
    const added = names.filter((name) => call.varyHeaders?.[name] !== undefined && !known.includes(name));
    if (added.length > 0) this.#names.set(call.operation.name, [...known, ...added].sort());
  }

  of(call: LadderCall): string {
    const names = call.varyHeaders === undefined ? undefined : this.#names.get(call.operation.name);
    return names === undefined ? '' : canonicalJson(names.map((name) => [name, call.varyHeaders?.[name]]));
  }
}

export interface KeyOf {
  readonly source: string;
  readonly revision: number;
  readonly call: LadderCall;
  readonly scope: CacheScope;
  readonly vary: VaryNames;
}

export function cacheKeyOf({ source, revision, call, scope, vary }: KeyOf): CacheKey {
  const shared = scope.kind === 'PUBLIC' && call.forwardsCredentials;
  const base = shared ? (call.publicVaryKey ?? call.varyKey) : call.varyKey;
  const learnt = vary.of(call);
  return {
    source,
    revision,
    operation: call.operation.name,
    arguments: call.argumentsKey,
    vary: learnt === '' ? base : `${base}\n${learnt}`,
    scope,
  };
}

/**
 * What callers must have in common to wait for the same call. More than the key of the entry: the call under way is
 * made with one caller's headers, so all forwarded ones must be equal, and where credentials are among them, the
 * caller too.
 */
export function flightText(key: CacheKey, call: LadderCall): string {
  const varies = call.varyHeaders === undefined ? '' : canonicalJson(call.varyHeaders);
  if (!call.forwardsCredentials) return varies === '' ? keyText(key) : `${keyText(key)}\n${varies}`;
  return `${keyText(key)}\n${varies}\n${canonicalJson([call.context.callerId, call.varyKey])}`;
}
