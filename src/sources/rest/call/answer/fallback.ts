import { InvalidDefinition, type Problem } from '../../../../errors/index.ts';
import { deepFrozen } from '../../../shared/deep-frozen.ts';
import { isRecord } from '../../../shared/is-record.ts';
import type { AnswerPlan, FieldShape, ObjectShape, Shape, UnionShape } from '../../plan.ts';
import { typeName } from './decoding.ts';

/**
 * A constant that the owner declared, in the graph's own form (field and enum names of GraphQL, maps as lists of
 * key and value, union members with `__typename`), checked and frozen. Fields may be left out.
 * Throws InvalidDefinition with every problem and its place below `fallback.value`.
 */
export function decodeFallback(plan: AnswerPlan, value: unknown): unknown {
  const problems: Problem[] = [];
  const decoded =
    plan.shape === 'none'
      ? scalar('boolean', value, 'fallback.value', problems)
      : decode(plan.shape, value, 'fallback.value', problems);
  if (problems.length > 0) throw new InvalidDefinition(problems);
  return decoded;
}

function decode(shape: Shape, value: unknown, path: string, problems: Problem[]): unknown {
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case 'scalar':
      return scalar(shape.type, value, path, problems);
    case 'enum':
      if (typeof value === 'string' && shape.toWire.has(value)) return value;
      return wrong(`one of ${[...shape.toWire.keys()].slice(0, 20).join(', ')}`, value, path, problems);
    case 'list':
      if (!Array.isArray(value)) return wrong('array', value, path, problems);
      return Object.freeze(value.map((item, index) => decode(shape.item, item, `${path}[${index}]`, problems)));
    case 'map':
      if (!Array.isArray(value)) return wrong('array of { key, value }', value, path, problems);
      return Object.freeze(value.map((item, index) => mapEntry(shape.value, item, `${path}[${index}]`, problems)));
    case 'object':
      return object(shape, value, path, problems);
    case 'union':
      return union(shape, value, path, problems);
    case 'box':
      if (!isRecord(value)) return wrong('object with a value', value, path, problems);
      return Object.freeze({
        __typename: shape.typeName,
        value: decode(shape.value, value.value, `${path}.value`, problems),
      });
    default: {
      const never: never = shape;
      return never;
    }
  }
}

function object(shape: ObjectShape, value: unknown, path: string, problems: Problem[]): unknown {
  if (!isRecord(value)) return wrong('object', value, path, problems);
  const known = new Map<string, FieldShape>(shape.fields.map((field) => [field.field, field]));
  for (const key of Object.keys(value)) {
    if (!known.has(key) && key !== '__typename') {
      problems.push({ path: `${path}.${key}`, message: `${shape.typeName} has no field "${key}".` });
    }
  }
  const out: Record<string, unknown> = { __typename: shape.typeName };
  for (const [name, field] of known) out[name] = decode(field.shape, value[name], `${path}.${name}`, problems);
  return Object.freeze(out);
}

function union(shape: UnionShape, value: unknown, path: string, problems: Problem[]): unknown {
  const named = isRecord(value) ? value.__typename : undefined;
  const member = shape.members.find((candidate) => candidate.typeName === named);
  if (member !== undefined) return decode(member, value, path, problems);
  const names = shape.members.map((candidate) => candidate.typeName).join(', ');
  return wrong(`object whose __typename is one of ${names}`, value, path, problems);
}

function mapEntry(shape: Shape, value: unknown, path: string, problems: Problem[]): unknown {
  if (!isRecord(value) || typeof value.key !== 'string') return wrong('{ key, value }', value, path, problems);
  return Object.freeze({ key: value.key, value: decode(shape, value.value, `${path}.value`, problems) });
}

function scalar(type: string, value: unknown, path: string, problems: Problem[]): unknown {
  switch (type) {
    case 'json':
      return deepFrozen(structuredClone(value));
    case 'integer':
      return Number.isInteger(value) ? value : wrong('integer', value, path, problems);
    case 'bigint':
      if (typeof value === 'bigint' || Number.isInteger(value)) return value;
      return typeof value === 'string' && /^-?\d{1,40}$/.test(value)
        ? BigInt(value)
        : wrong('integer, or its digits as text', value, path, problems);
    default:
      return typeof value === type ? value : wrong(type, value, path, problems);
  }
}

function wrong(expected: string, value: unknown, path: string, problems: Problem[]): null {
  problems.push({ path, message: `expected ${expected}, came ${typeName(value)}.` });
  return null;
}
