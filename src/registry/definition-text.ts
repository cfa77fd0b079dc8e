import type { Steps } from '../runtime/index.ts';
import { type FoundSecret, findSecrets, joinSecrets } from './split-secrets.ts';

/**
 * How a definition is kept: JSON text, with a placeholder where each Secret stood.
 *
 * A small one is one line. A large one is cut into lines, so that it can be written and read in short turns: each line
 * holds some members of one object and where that object stands, `[["document","paths"],{"/pets":…}]`. The first line
 * is the whole with `{}` where other lines fill in.
 */

/** Values above which a definition is cut: some milliseconds of parsing. */
const LARGE_VALUES = 20_000;

/** Characters a line should have at least before the next begins. */
const LINE_CHARACTERS = 256 * 1024;

/** Objects this deep are not cut any more, whatever they hold. */
const DEEPEST_CUT = 3;

/** So far down every object is cut: `document`, and its `paths` and `components`. */
const ALWAYS_CUT = 2;

/** Further down, only those with so many keys. */
const MANY_KEYS = 20;

export interface DefinitionText {
  readonly lines: readonly Buffer[];
  readonly secrets: readonly FoundSecret[];
}

/** Throws TypeError for what JSON would lose or bend. */
export function* writeDefinition(definition: unknown, largeValues = LARGE_VALUES): Steps<DefinitionText> {
  const { secrets, values } = yield* findSecrets(definition);
  if (values < largeValues || !isCut(definition, 0)) {
    return { lines: [Buffer.from(JSON.stringify(definition))], secrets };
  }
  const lines: Buffer[] = [];
  const waiting: { readonly at: readonly string[]; readonly value: Readonly<Record<string, unknown>> }[] = [
    { at: [], value: definition },
  ];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { at, value } = next;
    let members: string[] = [];
    let length = 0;
    const end = (): void => {
      lines.push(Buffer.from(`[${JSON.stringify(at)},{${members.join(',')}}]`));
      members = [];
      length = 0;
    };
    for (const [key, member] of Object.entries(value)) {
      const cut = isCut(member, at.length + 1);
      const text = cut ? '{}' : JSON.stringify(member);
      if (cut) waiting.push({ at: [...at, key], value: member });
      if (text === undefined) continue;
      members.push(`${JSON.stringify(key)}:${text}`);
      length += text.length;
      if (length < LINE_CHARACTERS) continue;
      end();
      yield;
    }
    if (members.length > 0 || at.length === 0) end();
    yield;
  }
  // One line is read as the whole.
  return { lines: lines.length === 1 ? [Buffer.from(JSON.stringify(definition))] : lines, secrets };
}

/** The way back. Throws when the text is damaged, or a secret has no place in it. */
export function* readDefinition(text: Buffer, secrets: readonly FoundSecret[]): Steps<unknown> {
  let end = text.indexOf('\n');
  if (end < 0) return joinSecrets(JSON.parse(text.toString('utf8')), secrets);
  const whole: Record<string, unknown> = {};
  for (let start = 0; start < text.length; start = end + 1, end = text.indexOf('\n', start)) {
    if (end < 0) end = text.length;
    const [at, members] = JSON.parse(text.toString('utf8', start, end)) as [readonly string[], Record<string, unknown>];
    yield;
    const target = at.reduce<unknown>((holder, key) => ownValue(holder, key), whole);
    if (!isObject(target)) throw new Error(`The stored definition has no object at ${at.join('/')}.`);
    for (const [key, value] of Object.entries(members)) define(target, key, value);
    yield;
  }
  return joinSecrets(whole, secrets);
}

function isCut(value: unknown, depth: number): value is Readonly<Record<string, unknown>> {
  if (!isObject(value) || Array.isArray(value) || depth > DEEPEST_CUT) return false;
  // A Secret writes itself.
  if ('toJSON' in value && typeof value.toJSON === 'function') return false;
  return depth <= ALWAYS_CUT || Object.keys(value).length >= MANY_KEYS;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function ownValue(holder: unknown, key: string): unknown {
  return isObject(holder) ? Object.getOwnPropertyDescriptor(holder, key)?.value : undefined;
}

/** Not an assignment: a document may have a key named `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
