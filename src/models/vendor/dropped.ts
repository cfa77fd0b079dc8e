import type { PackageKind } from '../openai-format/own-format.ts';
import type { ModelRequest } from '../types.ts';
import { replacedIn } from './anthropic-words.ts';

type Names = Readonly<Record<string, string>>;

const OPENAI_NAMES: Names = {
  temperature: 'temperature',
  topP: 'top_p',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
};

/** What packages leave out of a request for some models of a vendor, such as those that reason, and its name on the wire. */
const LEFT_OUT_BY_MODEL: { readonly [kind in PackageKind]?: Names } = {
  DEEPSEEK: OPENAI_NAMES,
  ANTHROPIC: { temperature: 'temperature', topP: 'top_p', topK: 'top_k' },
};

/**
 * Names of the parameters that were asked for and are not in the body that is about to be sent. Packages tell of them
 * only with the answer, when it is paid for. A field of the same name elsewhere in the body hides one from here, not from
 * that later check.
 */
export function droppedFrom(body: string, kind: PackageKind, request: ModelRequest): readonly string[] {
  const asked: Readonly<Record<string, unknown>> = { ...request.parameters };
  const dropped = Object.entries(LEFT_OUT_BY_MODEL[kind] ?? {}).flatMap(([name, onTheWire]) =>
    asked[name] !== undefined && !body.includes(`"${onTheWire}":`) ? [name] : [],
  );
  return kind === 'ANTHROPIC' ? [...dropped, ...replacedIn(body, request)] : dropped;
}
