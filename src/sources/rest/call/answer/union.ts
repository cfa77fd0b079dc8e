import { isRecord } from '../../../shared/is-record.ts';
import type { BoxShape, ObjectShape, Shape, UnionShape } from '../../plan.ts';

export type Member = ObjectShape | BoxShape;

/** The member a value belongs to: by discriminator, then by shape. Undefined when it is none of them. */
export function chooseMember(union: UnionShape, value: unknown): Member | undefined {
  if (union.discriminator !== undefined && isRecord(value)) {
    const named = value[union.discriminator];
    const member = typeof named === 'string' ? union.mapping.get(named) : undefined;
    if (member !== undefined) return member;
  }
  return best(union.members, value, true) ?? best(union.members, value, false);
}

/** The best fit; the first of equals. Strict: every required part is there and every known part has its type. */
function best(members: readonly Member[], value: unknown, strict: boolean): Member | undefined {
  let chosen: Member | undefined;
  let chosenScore = -1;
  for (const member of members) {
    const score = member.kind === 'box' ? boxScore(member, value) : objectScore(member, value, strict);
    if (score > chosenScore) {
      chosen = member;
      chosenScore = score;
    }
  }
  return chosen;
}

function boxScore(member: BoxShape, value: unknown): number {
  return fits(member.value, value) ? 0 : -1;
}

/** How many of its parts the member knows, less a little for parts it knows that are not there; -1: no fit. */
function objectScore(member: ObjectShape, value: unknown, strict: boolean): number {
  if (!isRecord(value)) return -1;
  let known = 0;
  let missing = 0;
  for (const field of member.fields) {
    const item = Object.hasOwn(value, field.property) ? value[field.property] : undefined;
    if (item === undefined) {
      if (strict && field.required) return -1;
      missing++;
    } else if (item === null ? field.nullable : fits(field.shape, item)) known++;
    else if (strict) return -1;
  }
  return known + 1 / (2 + missing);
}

/** Whether a value has the outer form of a shape. Does not look inside. */
export function fits(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'scalar':
      return fitsScalar(shape.type, value);
    case 'enum':
      return typeof value !== 'object' && shape.toGraphQL.has(JSON.stringify(value));
    case 'list':
      return Array.isArray(value);
    case 'map':
    case 'object':
      return isRecord(value);
    case 'union':
      return shape.members.some((member) => fits(member, value));
    case 'box':
      return fits(shape.value, value);
    default: {
      const never: never = shape;
      return never;
    }
  }
}

function fitsScalar(type: (Shape & { kind: 'scalar' })['type'], value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'integer':
    case 'bigint':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    case 'json':
      return true;
    default: {
      const never: never = type;
      return never;
    }
  }
}
