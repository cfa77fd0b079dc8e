import { isObject, type JsonObject } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import type { Findings } from './findings.ts';
import { MAX_EXTERNAL_DOCUMENTS } from './limits.ts';
import { parseText } from './text.ts';

/** Gets the text of a document, or says why not. */
export type FetchText = (url: string) => Promise<{ readonly text: string } | { readonly failure: string }>;

/** Where documents brought in are put; references to them become `#/x-documents/<name>/...`. */
export const EXTERNAL_KEY = 'x-documents';

const DATA = new Set(['example', 'examples', 'enum', 'const']);

interface ExternalReference {
  readonly holder: JsonObject;
  readonly pointer: string;
  /** Absolute, without fragment. */
  readonly url: string;
  readonly fragment: string;
}

/**
 * Brings every document that is referenced inside, and theirs, and points the references at the copies.
 * Relative references start from where their document came from; without that they are left as they are,
 * for the check that follows to report.
 */
export async function bundle(
  root: JsonObject,
  rootUrl: string | undefined,
  fetchText: FetchText,
  findings: Findings,
): Promise<void> {
  const names = new Map<string, string>();
  const external: JsonObject = {};
  const failed = new Set<string>();
  if (rootUrl !== undefined) names.set(withoutFragment(rootUrl), '');
  const queue = [{ document: root, prefix: '', base: rootUrl }];
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    const { prefix, base } = entry;
    for (const reference of externalReferences(entry.document, prefix, base)) {
      if (failed.has(reference.url)) continue;
      if (!names.has(reference.url)) {
        const document = await load(reference, names.size, fetchText, findings);
        if (document === undefined) {
          failed.add(reference.url);
          continue;
        }
        const name = freeName(reference.url, external);
        names.set(reference.url, name);
        external[name] = document;
        queue.push({ document, prefix: at('', EXTERNAL_KEY, name), base: reference.url });
      }
      const name = names.get(reference.url) ?? '';
      const place = name === '' ? '' : at('', EXTERNAL_KEY, name);
      reference.holder.$ref = `#${encodeURI(place)}${reference.fragment}`;
    }
  }
  if (Object.keys(external).length > 0) root[EXTERNAL_KEY] = external;
}

async function load(
  reference: ExternalReference,
  count: number,
  fetchText: FetchText,
  findings: Findings,
): Promise<JsonObject | undefined> {
  const place = at(reference.pointer, '$ref');
  if (count > MAX_EXTERNAL_DOCUMENTS) {
    findings.problem(place, `Expected at most ${MAX_EXTERNAL_DOCUMENTS} referenced documents; there are more.`);
    return undefined;
  }
  const answer = await fetchText(reference.url);
  if ('failure' in answer) {
    findings.problem(place, `Expected a document at ${reference.url}; ${answer.failure}`);
    return undefined;
  }
  const parsed = parseText(answer.text, place);
  if (!parsed.ok) {
    findings.problems.push(...parsed.problems);
    return undefined;
  }
  return parsed.document;
}

/** The references of a document to others. Those within a document brought in are moved to its new place. */
function externalReferences(document: JsonObject, prefix: string, base: string | undefined): ExternalReference[] {
  const found: ExternalReference[] = [];
  const seen = new Set<object>();
  const stack: { readonly value: unknown; readonly pointer: string }[] = [{ value: document, pointer: prefix }];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { value, pointer } = entry;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const children = Object.entries(value).filter(([key]) => Array.isArray(value) || !DATA.has(key));
    for (const [key, child] of children.reverse()) stack.push({ value: child, pointer: at(pointer, key) });
    if (!isObject(value) || typeof value.$ref !== 'string') continue;
    const reference = value.$ref;
    if (reference.startsWith('#')) {
      if (prefix !== '') value.$ref = `#${encodeURI(prefix)}${reference.slice(1)}`;
      continue;
    }
    const url = URL.parse(reference, base);
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) continue;
    const fragment = url.hash.slice(1);
    found.push({ holder: value, pointer, url: withoutFragment(url.href), fragment });
  }
  return found;
}

function freeName(url: string, taken: JsonObject): string {
  const file = new URL(url).pathname.split('/').pop() ?? '';
  const base = file.replace(/\.(json|ya?ml)$/i, '').replaceAll(/[^A-Za-z0-9_-]+/g, '_') || 'document';
  let name = base;
  for (let i = 2; Object.hasOwn(taken, name) || name === '__proto__'; i++) name = `${base}_${i}`;
  return name;
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/, '');
}
