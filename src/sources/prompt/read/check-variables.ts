import { GraphQLError, Kind, parseType, type TypeNode } from 'graphql';
import type { Problem } from '../../../errors/index.ts';
import type { PromptVariable } from '../definition.ts';
import { readValue } from '../shapes/read-value.ts';
import { holdsFile, isFileType, isScalarName } from '../shapes/shape.ts';
import { innermost, type TypeBook } from '../shapes/type-book.ts';
import { checkLengths } from '../variables/lengths.ts';
import type { Variable } from '../variables/variable.ts';
import { checkKnown } from './check-types.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_VARIABLES = 50;
const MAX_LENGTH = 1_000_000;

/** What is wrong with the variables of a prompt, one by one. `variables` are those that are usable all the same. */
export function checkVariables(
  given: readonly PromptVariable[],
  book: TypeBook,
  history: boolean,
): { readonly variables: readonly Variable[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const variables: Variable[] = [];
  const seen = new Set<string>();
  if (given.length > MAX_VARIABLES) {
    const message = `Expected at most ${MAX_VARIABLES} variables; got ${given.length}.`;
    problems.push({ path: 'input.prompt.variables', message });
  }
  for (const [index, variable] of given.slice(0, MAX_VARIABLES).entries()) {
    const place = `input.prompt.variables.${index}`;
    const { name } = variable;
    problems.push(...checkName(name, `${place}.name`, history));
    if (seen.has(name))
      problems.push({ path: `${place}.name`, message: `Expected each name once; ${name} came twice.` });
    seen.add(name);
    const checked = checkType(variable, book, place);
    problems.push(...checked.problems, ...checkMaxLength(variable.maxLength, `${place}.maxLength`));
    if (checked.variable === undefined) continue;
    variables.push(checked.variable);
    problems.push(...checkDefault(checked.variable, `${place}.default`));
  }
  return { variables, problems };
}

function checkName(name: string, path: string, history: boolean): Problem[] {
  if (!NAME.test(name) || name.startsWith('__')) {
    const message = `Expected a GraphQL name (letters, digits and _, no digit first, no __); got ${JSON.stringify(name)}.`;
    return [{ path, message }];
  }
  if (name !== 'history' || !history) return [];
  return [{ path, message: 'Expected another name: history is the argument that takes the conversation so far.' }];
}

function checkType(variable: PromptVariable, book: TypeBook, place: string) {
  const path = `${place}.type`;
  let type: TypeNode;
  try {
    type = parseType(variable.type);
  } catch (error: unknown) {
    if (!(error instanceof GraphQLError)) throw error;
    const got = JSON.stringify(variable.type.slice(0, 100));
    return { problems: [{ path, message: `Expected a GraphQL type such as String!; got ${got}.` }] };
  }
  const name = innermost(type);
  const definition = book.definition(name);
  const problems = checkKnown(book, type, path);
  if (definition?.kind === Kind.OBJECT_TYPE_DEFINITION) {
    problems.push({ path, message: `Expected a scalar, an enum, File or Image, or lists of them; got ${name}.` });
  }
  if (listDepth(type) > (isFileType(name) ? 1 : 2)) {
    problems.push({ path, message: `Expected fewer lists inside each other; got ${variable.type}.` });
  }
  const shape = problems.length === 0 ? book.shape(type) : undefined;
  if (shape === undefined) return { problems };
  if (variable.maxLength !== undefined && shape.kind !== 'list' && !isText(name)) {
    const message = `Expected only for texts and lists; got it for a variable of type ${variable.type}.`;
    problems.push({ path: `${place}.maxLength`, message });
  }
  return { problems, variable: { ...variable, shape } };
}

function isText(name: string): boolean {
  return name === 'String' || (name === 'ID' && isScalarName(name));
}

function listDepth(type: TypeNode): number {
  if (type.kind === Kind.NAMED_TYPE) return 0;
  return listDepth(type.type) + (type.kind === Kind.LIST_TYPE ? 1 : 0);
}

function checkMaxLength(maxLength: number | undefined, path: string): Problem[] {
  if (maxLength === undefined || (Number.isInteger(maxLength) && maxLength > 0 && maxLength <= MAX_LENGTH)) return [];
  return [{ path, message: `Expected an integer from 1 to ${MAX_LENGTH}; got ${maxLength}.` }];
}

function checkDefault(variable: Variable, path: string): Problem[] {
  if (variable.default === undefined) return [];
  if (holdsFile(variable.shape)) return [{ path, message: 'Expected no default for a file.' }];
  const read = readValue(variable.shape, variable.default);
  if (!read.ok) return read.mistakes.map((message) => ({ path, message }));
  const problems: Problem[] = [];
  checkLengths(variable, variable.default, path, problems);
  return problems;
}
