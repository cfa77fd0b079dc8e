import type { GraphMember } from './types.ts';

/**
 * The reason in `@deprecated` for a field of a source. An operation that its own document deprecates
 * keeps that reason, and says before it that the whole source goes.
 */
export function deprecationText(source: GraphMember['deprecation'], own?: string | null): string | undefined {
  if (source === undefined) return own ?? undefined;
  const sunset = source.sunsetAt === undefined ? '' : ` (sunset ${source.sunsetAt.toISOString()})`;
  return `${source.reason}${sunset}${own == null ? '' : ` ${own}`}`;
}
