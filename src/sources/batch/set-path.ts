/** A copy of the arguments with a value put at a path: `input.ids` is the field `ids` of the argument `input`. */
export function setPath(
  args: Readonly<Record<string, unknown>>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [first, ...rest] = path;
  if (first === undefined) return { ...args };
  if (rest.length === 0) return { ...args, [first]: value };
  const inner = args[first];
  const holder = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {};
  return { ...args, [first]: setPath(holder as Readonly<Record<string, unknown>>, rest, value) };
}
