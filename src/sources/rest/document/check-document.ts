import { describeValue, isObject, type JsonObject, own, ownObject } from '../openapi/json.ts';
import { at, segmentsOf, valueAt } from '../openapi/pointer.ts';
import { follow, operationsOf } from '../openapi/walk.ts';
import type { Findings } from './findings.ts';

/** Keys whose value is data, where a `$ref` means nothing. */
const DATA = new Set(['example', 'examples', 'enum', 'const', 'x-documents']);

/**
 * Checks an OpenAPI 3.1 document as far as operations need it: there must be operations, and every reference
 * they lead to must lead somewhere. What no operation reaches may be broken, and so may operations that are
 * left out, which go by their pointers.
 */
export function checkDocument(document: JsonObject, findings: Findings, leftOut: ReadonlySet<string>): void {
  const paths = own(document, 'paths');
  if (!isObject(paths)) {
    findings.problem('/paths', `Expected an object of paths with operations; got ${describeValue(paths)}.`);
    return;
  }
  const roots: { readonly value: unknown; readonly pointer: string }[] = [];
  let usable = 0;
  for (const [path, value] of Object.entries(paths)) {
    if (path.startsWith('x-')) continue;
    const pointer = at('/paths', path);
    if (!isObject(value)) {
      findings.warn(
        'MALFORMED',
        pointer,
        `Expected a path item (an object); got ${describeValue(value)}. It is left out.`,
      );
      continue;
    }
    const item = follow(document, { value, pointer });
    if (item === undefined) {
      findings.problem(pointer, `Expected a reference that leads to a path item; ${String(value.$ref)} leads nowhere.`);
      continue;
    }
    roots.push({
      value: isObject(item.value) ? own(item.value, 'parameters') : undefined,
      pointer: at(item.pointer, 'parameters'),
    });
    for (const operation of operationsOf(item)) {
      if (!isObject(operation.value)) {
        findings.warn(
          'MALFORMED',
          operation.pointer,
          `Expected an operation (an object); got ${describeValue(operation.value)}. It is left out.`,
        );
        continue;
      }
      usable++;
      if (leftOut.has(operation.pointer)) continue;
      const { callbacks: _callbacks, ...rest } = operation.value;
      roots.push({ value: rest, pointer: operation.pointer });
    }
  }
  if (usable === 0) {
    const webhooks = ownObject(document, 'webhooks') !== undefined ? ' Webhooks are no operations.' : '';
    findings.problem('/paths', `Expected at least one operation below /paths; got none that can be used.${webhooks}`);
  }
  checkReferences(document, roots, findings);
}

function checkReferences(
  document: JsonObject,
  roots: readonly { readonly value: unknown; readonly pointer: string }[],
  findings: Findings,
): void {
  const seen = new Set<unknown>();
  const stack = [...roots].reverse();
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { value, pointer } = place;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) {
      for (const [index, child] of value.entries()) stack.push({ value: child, pointer: at(pointer, index) });
      continue;
    }
    if (!isObject(value)) continue;
    if (typeof value.$ref === 'string') {
      const target = resolveReference(document, value, pointer, findings);
      if (target !== undefined) stack.push(target);
    }
    for (const [key, child] of Object.entries(value)) {
      if (!DATA.has(key) && !key.startsWith('x-')) stack.push({ value: child, pointer: at(pointer, key) });
    }
  }
}

function resolveReference(
  document: JsonObject,
  holder: JsonObject,
  pointer: string,
  findings: Findings,
): { readonly value: unknown; readonly pointer: string } | undefined {
  const reference = String(holder.$ref);
  if (reference.startsWith('#')) {
    const value = valueAt(document, reference);
    if (value !== undefined) return { value, pointer: at('', ...segmentsOf(reference)) };
  } else {
    // Tools of old wrote the bare name of a definition.
    const named = at('/components/schemas', reference);
    const value = valueAt(document, named);
    if (value !== undefined) {
      holder.$ref = `#${named}`;
      findings.warn('REFERENCE_REPAIRED', at(pointer, '$ref'), `${JSON.stringify(reference)} is read as #${named}.`);
      return { value, pointer: named };
    }
  }
  findings.problem(
    at(pointer, '$ref'),
    `Expected a reference that leads to a part of the document; ${JSON.stringify(reference)} leads nowhere.`,
  );
  return undefined;
}
