import type { Problem } from '../../../errors/index.ts';
import type { RestInput } from '../definition.ts';
import { collectOperations, isSelected, matches, Warnings } from '../mapping/index.ts';
import type { JsonObject } from '../openapi/json.ts';

/** Whether what the registration says about operations fits the operations that the document has. */
export function checkSelection(input: RestInput, document: JsonObject): readonly Problem[] {
  // Collecting the operations of a large document takes a while.
  if ([input.include, input.exclude, input.operations].every((given) => (given ?? []).length === 0)) return [];
  const kinds = (input.operations ?? []).map(({ operation, as }) => ({
    operation,
    ...(as === undefined ? {} : { as }),
  }));
  const raw = collectOperations({ document, operations: kinds }, new Warnings());
  const names = raw.map(({ name }) => name);
  const include = input.include ?? [];
  const exclude = input.exclude ?? [];
  const problems: Problem[] = [];
  for (const key of ['include', 'exclude'] as const) {
    for (const [index, pattern] of (input[key] ?? []).entries()) {
      if (names.some((name) => matches(pattern, name))) continue;
      const path = `input.rest.${key}.${index}`;
      problems.push({
        path,
        message: `Expected the id of an operation, or a pattern that fits some; ${quoted(pattern)} fits none.${hint(names)}`,
      });
    }
  }
  const fields = new Map<string, string>();
  for (const [index, { operation, field }] of (input.operations ?? []).entries()) {
    const found = raw.find(({ name }) => name === operation);
    const path = `input.rest.operations.${index}`;
    if (found === undefined) {
      problems.push({
        path: `${path}.operation`,
        message: `Expected the id of an operation; there is no ${quoted(operation)}.${hint(names)}`,
      });
      continue;
    }
    if (field === undefined) continue;
    const key = `${found.kind} ${field}`;
    const before = fields.get(key);
    if (before !== undefined) {
      problems.push({
        path: `${path}.field`,
        message: `Expected a field name of its own; ${quoted(before)} is ${field} as well.`,
      });
    }
    fields.set(key, operation);
  }
  if (problems.length === 0 && !names.some((name) => isSelected(name, include, exclude))) {
    problems.push({
      path: 'input.rest.include',
      message: 'Expected include and exclude to leave at least one operation; they leave none.',
    });
  }
  return problems;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function hint(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(quoted).join(', ');
  return ` There ${names.length === 1 ? 'is' : 'are'} ${shown}${names.length > 5 ? `, and ${names.length - 5} more` : ''}.`;
}
