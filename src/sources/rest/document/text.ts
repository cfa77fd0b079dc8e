import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../../../errors/index.ts';
import { describeValue, isObject, type JsonObject } from '../openapi/json.ts';
import { MAX_NESTING, MAX_VALUES, MAX_YAML_ALIASES } from './limits.ts';

export type ParsedText =
  | { readonly ok: true; readonly document: JsonObject }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Text of a document, JSON or YAML 1.2, as plain values. JSON is tried first: it is a hundred times faster. */
export function parseText(text: string, path = ''): ParsedText {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let value: unknown;
  let jsonProblem: Problem | undefined;
  if (looksLikeJson(source)) {
    try {
      value = JSON.parse(source);
    } catch (error: unknown) {
      jsonProblem = { path, message: `Expected JSON or YAML; as JSON it fails: ${messageOf(error)}` };
    }
  }
  if (value === undefined) {
    const yaml = parseYaml(source, path);
    if (!yaml.ok) return { ok: false, problems: jsonProblem === undefined ? yaml.problems : [jsonProblem] };
    value = yaml.value;
  }
  if (!isObject(value)) {
    return {
      ok: false,
      problems: [{ path, message: `Expected an OpenAPI document (an object); got ${describeValue(value)}.` }],
    };
  }
  const tooMuch = measure(value);
  if (tooMuch !== undefined) return { ok: false, problems: [{ path, message: tooMuch }] };
  return { ok: true, document: value };
}

/** Whether it is worth trying to read a text as JSON. */
export function looksLikeJson(text: string): boolean {
  return /^\uFEFF?\s*[{[]/.test(text);
}

type ParsedYaml =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function parseYaml(text: string, path: string): ParsedYaml {
  const lineCounter = new LineCounter();
  try {
    const parsed = parseDocument(text, { lineCounter, uniqueKeys: false, merge: true, logLevel: 'silent' });
    if (parsed.errors.length > 0) {
      const problems = parsed.errors.slice(0, 20).map((error) => {
        const place = lineCounter.linePos(error.pos[0]);
        return {
          path,
          message: `Expected JSON or YAML; line ${place.line}, column ${place.col}: ${firstLine(error.message)}`,
        };
      });
      return { ok: false, problems };
    }
    return { ok: true, value: parsed.toJS({ maxAliasCount: MAX_YAML_ALIASES }) as unknown };
  } catch (error: unknown) {
    const message = messageOf(error);
    const aliases = /alias/i.test(message);
    return {
      ok: false,
      problems: [
        {
          path,
          message: aliases
            ? `Expected YAML whose aliases expand to at most ${MAX_YAML_ALIASES} copies; these expand to more (${message}).`
            : `Expected JSON or YAML; ${message}`,
        },
      ],
    };
  }
}

/** Says what is too much of a document: nesting or sheer number of values. Undefined when it is fine. */
function measure(root: JsonObject): string | undefined {
  const stack: { readonly value: object; readonly depth: number }[] = [{ value: root, depth: 1 }];
  let count = 0;
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (entry.depth > MAX_NESTING) return `Expected at most ${MAX_NESTING} levels of nesting; this document has more.`;
    for (const child of Object.values(entry.value)) {
      count++;
      if (typeof child === 'object' && child !== null) stack.push({ value: child, depth: entry.depth + 1 });
    }
    if (count > MAX_VALUES) return `Expected at most ${MAX_VALUES} values; this document has more.`;
  }
  return undefined;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/ at line \d+, column \d+:?$/, '');
}

function messageOf(error: unknown): string {
  return firstLine(error instanceof Error ? error.message : String(error));
}
