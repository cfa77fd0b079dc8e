import { type CacheKey, type CacheScope, cacheKey, canonicalJson } from '../../cache/index.ts';
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

const MAX_VARY_NAMES = 50;

/** The request headers that upstreams have named in Vary, by operation: the second step of a key. */
export class VaryNames {
  readonly #names = new Map<string, readonly string[]>();

  /** False when an operation's answers have named too many by now: then they are not kept. */
  learn(operation: string, names: readonly string[]): boolean {
    if (names.length === 0) return true;
    const known = this.#names.get(operation) ?? [];
    const added = names.filter((name) => !known.includes(name));
    if (known.length + added.length > MAX_VARY_NAMES) return false;
    if (added.length > 0) this.#names.set(operation, [...known, ...added].sort());
    return true;
  }

  /** What a call has of them; '' for nothing, which is a variant of its own. */
  of({ operation, varyHeaders }: LadderCall): string {
    const names = varyHeaders === undefined ? undefined : this.#names.get(operation.name);
    if (names === undefined || varyHeaders === undefined) return '';
    const present = names.filter((name) => Object.hasOwn(varyHeaders, name));
    return present.length === 0 ? '' : canonicalJson(present.map((name) => [name, varyHeaders[name]]));
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
  return cacheKey({
    source,
    revision,
    operation: call.operation.name,
    arguments: call.argumentsKey,
    vary: varyOf(call, scope, vary),
    scope,
  });
}

/** The key of a call with what Vary has taught since it was made. */
export function keyNow(key: CacheKey, call: LadderCall, vary: VaryNames): CacheKey {
  const now = varyOf(call, key.scope, vary);
  return now === key.vary ? key : cacheKey({ ...key, vary: now });
}

function varyOf(call: LadderCall, scope: CacheScope, vary: VaryNames): string {
  const shared = scope.kind === 'PUBLIC' && call.forwardsCredentials;
  const base = shared ? (call.publicVaryKey ?? call.varyKey) : call.varyKey;
  const learnt = vary.of(call);
  return learnt === '' ? base : `${base}\n${learnt}`;
}

/**
 * What callers must have in common to wait for the same call. More than the key of the entry: the call under way is
 * made with one caller's headers, so all forwarded ones must be equal, and where credentials are among them, the
 * caller too.
 */
export function flightText(key: CacheKey, call: LadderCall): string {
  const varies = call.varyHeaders === undefined ? '' : canonicalJson(call.varyHeaders);
  if (!call.forwardsCredentials) return varies === '' ? key.text : `${key.text}\n${varies}`;
  return `${key.text}\n${varies}\n${canonicalJson([call.context.callerId, call.varyKey])}`;
}
