import type { ModelPart } from '../../../models/index.ts';
import { type ReadValue, readValue } from '../shapes/read-value.ts';
import type { ObjectShape } from '../shapes/shape.ts';

/** Characters of a whole answer. A model that writes more has lost its way. */
export const MAX_ANSWER_CHARACTERS = 1_000_000;

/** Some models put JSON into a block of Markdown, schema or not. */
const FENCED = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/;

export function textOf(parts: readonly ModelPart[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

/** What a model wrote, as the value that was declared. Mistakes tell where and what, never the model's own words. */
export function readAnswer(output: ObjectShape | undefined, text: string): ReadValue {
  if (text.length > MAX_ANSWER_CHARACTERS) {
    return { ok: false, mistakes: [`expected at most ${MAX_ANSWER_CHARACTERS} characters; got ${text.length}.`] };
  }
  if (output === undefined) return { ok: true, value: text };
  let json: unknown;
  try {
    json = JSON.parse(FENCED.exec(text)?.[1] ?? text);
  } catch {
    return { ok: false, mistakes: [`expected JSON; got ${text.length} characters that are none, or not all of it.`] };
  }
  return readValue(output, json);
}
