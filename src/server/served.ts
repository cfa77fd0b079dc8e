/** The part of `extensions.weir` that the log is made from. */
export interface WeirExtension {
  readonly sources?: readonly { readonly outcome: string }[];
}

/** How many sources were served in which way. */
export function servedOf({ sources = [] }: WeirExtension): Readonly<Record<string, number>> {
  const served: Record<string, number> = {};
  for (const { outcome } of sources) served[outcome] = (served[outcome] ?? 0) + 1;
  return served;
}
