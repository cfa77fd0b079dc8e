import type { Problem } from '../../../errors/index.ts';
import type { LinkArgumentInput, SourceLinkInput } from '../../../schema/admin/index.ts';
import type { LinkArgument, LinkSpec } from '../../../sources/index.ts';
import { given } from './given.ts';

const LIMITS = { links: 200, arguments: 50, description: 10_000, value: 10_000 } as const;

/** The links of a revision; what is wrong with their form is added to `problems`. */
export function readLinks(
  inputs: readonly SourceLinkInput[] | null | undefined,
  source: string,
  problems: Problem[],
): readonly LinkSpec[] {
  const links = inputs ?? [];
  if (links.length > LIMITS.links) {
    problems.push({ path: 'input.links', message: `Expected at most ${LIMITS.links}; got ${links.length}.` });
    return [];
  }
  return links.map((input, index) => readLink(input, source, `input.links.${index}`, problems));
}

/** A link as it is stored. Whether it fits its sources is another question. */
export function readLink(input: SourceLinkInput, source: string, path: string, problems: Problem[]): LinkSpec {
  const description = given(input.description);
  const select = given(input.select);
  const count = input.arguments.length;
  const add = (field: string, message: string): void => void problems.push({ path: `${path}.${field}`, message });
  if (count > LIMITS.arguments) add('arguments', `Expected at most ${LIMITS.arguments}; got ${count}.`);
  if (description !== undefined && description.length > LIMITS.description) {
    add('description', `Expected at most ${LIMITS.description} characters; got ${description.length}.`);
  }
  return {
    type: input.type,
    field: input.field,
    ...(description === undefined ? {} : { description }),
    target: given(input.target) ?? source,
    operation: input.operation,
    arguments: input.arguments.slice(0, LIMITS.arguments).flatMap((argument, index) => {
      const read = readArgument(argument, (message) => add(`arguments.${index}`, message));
      return read === undefined ? [] : [read];
    }),
    ...(select === undefined || select === '' ? {} : { select }),
  };
}

function readArgument(input: LinkArgumentInput, add: (message: string) => void): LinkArgument | undefined {
  const { name } = input;
  const field = given(input.field);
  const argument = given(input.argument);
  // Null is a constant too, and what many clients send for what they leave out.
  const hasValue = input.value !== undefined && !(input.value === null && (field ?? argument) !== undefined);
  const ways = [
    ...(field === undefined ? [] : ['field']),
    ...(hasValue ? ['value'] : []),
    ...(argument === undefined ? [] : ['argument']),
  ];
  if (ways.length !== 1) {
    add(`Expected exactly one of field, value and argument; got ${ways.join(', ') || 'none'}.`);
    return undefined;
  }
  if (field !== undefined) return { name, from: 'FIELD', field };
  if (argument !== undefined) return { name, from: 'ARGUMENT', argument };
  const { value } = input;
  const length = JSON.stringify(value)?.length ?? 0;
  if (length > LIMITS.value) add(`Expected a value of at most ${LIMITS.value} characters; got ${length}.`);
  return { name, from: 'VALUE', value };
}
