import type { Problem } from '../../../errors/index.ts';
import type { ModelPart } from '../../../models/index.ts';
import type { Shape } from '../shapes/shape.ts';
import { readFile } from './files.ts';
import { checkLengths } from './lengths.ts';
import type { Variable } from './variable.ts';

const MAX_FILES = 16;

/** What a caller gave, ready to be put into a message. */
export interface Inputs {
  /** By variable, in the order of their declaration. A file is told by its number among the attached ones. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly files: readonly ModelPart[];
}

/**
 * The values of the variables, from arguments that GraphQL coerced. Adds a problem, with its place, for each that is
 * longer than declared or no file; what came is good for nothing then.
 */
export function collectInputs(
  variables: readonly Variable[],
  args: Readonly<Record<string, unknown>>,
  problems: Problem[],
): Inputs {
  const files: ModelPart[] = [];
  const values: Record<string, unknown> = {};
  for (const variable of variables) {
    const { name, shape } = variable;
    const given = Object.hasOwn(args, name) ? args[name] : undefined;
    const value = given ?? variable.default ?? null;
    checkLengths(variable, value, name, problems);
    values[name] = withFilesApart(shape, value, name, files, problems);
  }
  return { values, files };
}

function withFilesApart(shape: Shape, value: unknown, path: string, files: ModelPart[], problems: Problem[]): unknown {
  if (value === null || value === undefined) return null;
  if (shape.kind === 'list' && Array.isArray(value)) {
    return value.map((item, index) => withFilesApart(shape.item, item, `${path}.${index}`, files, problems));
  }
  if (shape.kind !== 'file') return value;
  if (files.length >= MAX_FILES) {
    problems.push({ path, message: `Expected at most ${MAX_FILES} files in a call; this is one more.` });
    return null;
  }
  const read = readFile(shape.type, value);
  if (read.ok) files.push(read.part);
  else problems.push({ path, message: `Expected ${read.expected}.` });
  return `attached file ${files.length}`;
}
