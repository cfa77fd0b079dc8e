import type {
  AnswerPlan,
  BodyPlan,
  EnumShape,
  FieldShape,
  ListShape,
  MapShape,
  ObjectShape,
  ParameterPlan,
  RestOperation,
  ScalarShape,
  Shape,
} from '../../../../../src/sources/rest/plan.ts';

export const string: ScalarShape = { kind: 'scalar', type: 'string', scalar: 'String' };
export const integer: ScalarShape = { kind: 'scalar', type: 'integer', scalar: 'SafeInt' };
export const int: ScalarShape = { kind: 'scalar', type: 'integer', scalar: 'Int' };
export const number: ScalarShape = { kind: 'scalar', type: 'number', scalar: 'Float' };
export const boolean: ScalarShape = { kind: 'scalar', type: 'boolean', scalar: 'Boolean' };
export const bigint: ScalarShape = { kind: 'scalar', type: 'bigint', scalar: 'BigInt' };
export const json: ScalarShape = { kind: 'scalar', type: 'json', scalar: 'JSON' };
export const byte: ScalarShape = { kind: 'scalar', type: 'string', scalar: 'Byte' };

export const list = (item: Shape): ListShape => ({ kind: 'list', item });
export const map = (value: Shape): MapShape => ({ kind: 'map', typeName: 'Entry', value });

export function object(typeName: string, fields: readonly (FieldShape | readonly [string, Shape])[]): ObjectShape {
  return {
    kind: 'object',
    typeName,
    fields: fields.map((given) => ('field' in given ? given : field(given[0], given[1]))),
  };
}

export function field(name: string, shape: Shape, more: Partial<FieldShape> = {}): FieldShape {
  return { field: name, property: name, shape, required: false, nullable: true, ...more };
}

export function enumeration(typeName: string, values: Readonly<Record<string, string | number | boolean>>): EnumShape {
  return {
    kind: 'enum',
    typeName,
    toGraphQL: new Map(Object.entries(values).map(([name, wire]) => [JSON.stringify(wire), name])),
    toWire: new Map(Object.entries(values)),
  };
}

export function parameter(name: string, place: ParameterPlan['in'], more: Partial<ParameterPlan> = {}): ParameterPlan {
  return {
    argument: name,
    name,
    in: place,
    style: place === 'path' || place === 'header' ? 'simple' : 'form',
    explode: place === 'query' || place === 'cookie',
    allowReserved: false,
    required: place === 'path',
    shape: string,
    ...more,
  };
}

export function body(shape: Shape, more: Partial<BodyPlan> = {}): BodyPlan {
  return { argument: 'input', mediaType: 'application/json', encoding: 'json', required: true, shape, ...more };
}

export function answer(shape: Shape | 'none', more: Partial<AnswerPlan> = {}): AnswerPlan {
  return {
    shape,
    byStatus: [],
    otherwise: shape === 'none' ? { as: 'none' } : { as: 'json', shape },
    notFoundIsNull: false,
    ...more,
  };
}

export function operation(name: string, more: Partial<RestOperation> = {}): RestOperation {
  const method = more.method ?? 'get';
  const safe = method.toLowerCase() === 'get';
  return {
    name,
    kind: safe ? 'query' : 'mutation',
    field: name,
    idempotent: safe || method.toLowerCase() === 'put' || method.toLowerCase() === 'delete',
    cacheable: safe,
    method,
    path: `/${name}`,
    parameters: [],
    body: undefined,
    answer: answer(json),
    security: [],
    servers: [],
    ...more,
  };
}
