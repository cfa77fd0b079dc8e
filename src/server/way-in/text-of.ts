import type { ModelPart } from '../../models/index.ts';

/** The texts of some parts, in order. */
export function textOf(parts: readonly ModelPart[]): string {
  let text = '';
  for (const part of parts) if (part.kind === 'text') text += part.text;
  return text;
}
