import type { Problem } from '../../../errors/index.ts';
import type { PromptExample } from '../definition.ts';
import { readValue } from '../shapes/read-value.ts';
import { holdsFile, type Shape } from '../shapes/shape.ts';
import { checkLengths } from '../variables/lengths.ts';
import type { Variable } from '../variables/variable.ts';

const MAX_EXAMPLES = 20;
const MAX_TEXT = 20_000;

/** What is wrong with the examples: they are what a caller could ask, and what a model may answer. */
export function checkExamples(
  examples: readonly PromptExample[],
  variables: readonly Variable[],
  output: Shape | undefined,
): Problem[] {
  if (examples.length > MAX_EXAMPLES) {
    const message = `Expected at most ${MAX_EXAMPLES} examples; got ${examples.length}.`;
    return [{ path: 'input.prompt.examples', message }];
  }
  return examples.flatMap((example, index) => {
    const place = `input.prompt.examples.${index}`;
    return [
      ...checkValues(example.variables, variables, `${place}.variables`),
      ...checkOutput(example.output, output, `${place}.output`),
    ];
  });
}

function checkValues(values: PromptExample['variables'], variables: readonly Variable[], place: string): Problem[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return [{ path: place, message: 'Expected an object of variables.' }];
  }
  const known = new Set(variables.map(({ name }) => name));
  const problems: Problem[] = Object.keys(values)
    .filter((name) => !known.has(name))
    .map((name) => ({ path: `${place}.${name}`, message: `Expected a declared variable; got ${name}.` }));
  for (const variable of variables) {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : variable.default;
    const path = `${place}.${variable.name}`;
    if (holdsFile(variable.shape)) {
      if (value !== undefined) problems.push({ path, message: 'Expected no file in an example.' });
      continue;
    }
    const read = readValue(variable.shape, value);
    if (!read.ok) problems.push(...read.mistakes.map((message) => ({ path, message })));
    checkLengths(variable, value, path, problems);
  }
  return problems;
}

function checkOutput(value: unknown, output: Shape | undefined, path: string): Problem[] {
  if (output !== undefined) {
    const read = readValue(output, value);
    return read.ok ? [] : read.mistakes.map((message) => ({ path, message }));
  }
  if (typeof value === 'string' && value.length <= MAX_TEXT) return [];
  return [{ path, message: `Expected a text of at most ${MAX_TEXT} characters, which the prompt answers with.` }];
}
