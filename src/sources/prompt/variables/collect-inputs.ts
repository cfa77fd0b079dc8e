import type { ModelPart } from '../../../models/index.ts';
import { RequestRefused } from '../../shared/refused.ts';
import type { Shape } from '../shapes/shape.ts';
import { filePart } from './files.ts';
import { lengthProblem } from './lengths.ts';
import type { Variable } from './variable.ts';

const MAX_FILES = 16;

/** What a caller gave, ready to be put into a message. */
export interface Inputs {
  /** By variable, in the order of their declaration. A file is told by its number among the attached ones. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly files: readonly ModelPart[];
}

/**
 * The values of the variables, from arguments that GraphQL coerced. Throws RequestRefused, naming the argument, for
 * what is longer than declared or no file.
 */
export function collectInputs(variables: readonly Variable[], args: Readonly<Record<string, unknown>>): Inputs {
  const files: ModelPart[] = [];
  const values: Record<string, unknown> = {};
  for (const variable of variables) {
    const given = Object.hasOwn(args, variable.name) ? args[variable.name] : undefined;
    const value = given ?? variable.default ?? null;
    const problem = lengthProblem(variable, value);
    if (problem !== undefined) throw new RequestRefused(problem);
    values[variable.name] = withFilesApart(variable.shape, value, variable.name, files);
  }
  return { values, files };
}

function withFilesApart(shape: Shape, value: unknown, path: string, files: ModelPart[]): unknown {
  if (value === null || value === undefined) return null;
  if (shape.kind === 'list' && Array.isArray(value)) {
    return value.map((item, index) => withFilesApart(shape.item, item, `${path}[${index}]`, files));
  }
  if (shape.kind !== 'file') return value;
  if (files.length >= MAX_FILES) throw new RequestRefused(`a call must have at most ${MAX_FILES} files; it has more.`);
  files.push(filePart(path, shape.type, value));
  return `attached file ${files.length}`;
}
