import type { CacheKey, CacheScope } from './types.ts';

/**
 * One text per key, and one key per text: the lengths written in front keep the parts apart, whatever is in them.
 * It holds forwarded credentials (in `vary`), so it never leaves the process.
 */
export function keyText(key: CacheKey): string {
  const scope = key.scope.kind === 'PUBLIC' ? '' : `@${key.scope.callerId}`;
  return (
    `${key.source.length},${key.operation.length},${key.arguments.length},${key.vary.length}:` +
    `${key.source}${key.operation}${key.arguments}${key.vary}${key.revision}${scope}`
  );
}

export function sameScope(a: CacheScope, b: CacheScope): boolean {
  if (a.kind === 'PUBLIC') return b.kind === 'PUBLIC';
  return b.kind === 'PRIVATE' && a.callerId === b.callerId;
}
