import type { Problem } from '../../../errors/index.ts';
import type { EntityArgumentInput, EntityInput } from '../../../schema/admin/index.ts';
import type { EntityArgument, EntitySpec } from '../../../sources/index.ts';
import { onlyGiven } from './given.ts';

const LIMITS = { entities: 500, value: 10_000 } as const;

/** The entities of a definition; what is wrong with their form is added to `problems`. */
export function readEntities(inputs: readonly EntityInput[], path: string, problems: Problem[]): readonly EntitySpec[] {
  if (inputs.length > LIMITS.entities) {
    problems.push({ path, message: `Expected at most ${LIMITS.entities}; got ${inputs.length}.` });
    return [];
  }
  return inputs.map((input, index) => {
    const { type, key, arguments: args, batch, ...others } = input;
    const place = `${path}.${index}.arguments`;
    return {
      type,
      key,
      ...onlyGiven(others),
      ...(args ? { arguments: args.flatMap((one, at) => readArgument(one, `${place}.${at}`, problems)) } : {}),
      ...(batch ? { batch: { argument: batch.argument, ...onlyGiven(batch) } } : {}),
    };
  });
}

function readArgument(input: EntityArgumentInput, path: string, problems: Problem[]): readonly EntityArgument[] {
  const { name, value } = input;
  const { field, fields, typename } = onlyGiven({ field: input.field, fields: input.fields, typename: input.typename });
  // Null is a constant too, and what many clients send for what they leave out.
  const hasValue = value !== undefined && !(value === null && (field ?? fields) !== undefined);
  const ways = [
    ...(field === undefined ? [] : ['field']),
    ...(fields === undefined ? [] : ['fields']),
    ...(hasValue ? ['value'] : []),
  ];
  if (ways.length !== 1) {
    const came = ways.join(', ') || 'none';
    problems.push({ path, message: `Expected exactly one of field, fields and value; got ${came}.` });
    return [];
  }
  if (typename !== undefined && fields === undefined) {
    problems.push({ path: `${path}.typename`, message: 'Expected fields that the typename belongs to; got none.' });
  }
  if (field !== undefined) return [{ name, from: 'FIELD', field }];
  if (fields !== undefined) return [{ name, from: 'FIELDS', fields, ...(typename === undefined ? {} : { typename }) }];
  const length = JSON.stringify(value)?.length ?? 0;
  if (length > LIMITS.value) {
    problems.push({
      path: `${path}.value`,
      message: `Expected a value of at most ${LIMITS.value} characters; got ${length}.`,
    });
  }
  return [{ name, from: 'VALUE', value }];
}
