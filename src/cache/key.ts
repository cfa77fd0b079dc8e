import type { CacheKey, CacheScope, KeyParts } from './types.ts';

export function cacheKey(parts: KeyParts): CacheKey {
  const { source, revision, operation, arguments: args, vary, scope } = parts;
  return { source, revision, operation, arguments: args, vary, scope, text: textOf(parts) };
}

/** One text per key, and one key per text: the lengths written in front keep the parts apart, whatever is in them. */
function textOf({ source, revision, operation, arguments: args, vary, scope }: KeyParts): string {
  const caller = scope.kind === 'PUBLIC' ? '' : `@${scope.callerId}`;
  const lengths = `${source.length},${operation.length},${args.length},${vary.length}`;
  return `${lengths}:${source}${operation}${args}${vary}${revision}${caller}`;
}

export function sameScope(a: CacheScope, b: CacheScope): boolean {
  if (a.kind === 'PUBLIC') return b.kind === 'PUBLIC';
  return b.kind === 'PRIVATE' && a.callerId === b.callerId;
}
