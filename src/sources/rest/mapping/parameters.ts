import { type GraphQLArgumentConfig, GraphQLNonNull } from 'graphql';
import { isObject, type JsonObject, ownArray, ownObject, ownString } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { follow, type Place } from '../openapi/walk.ts';
import type { ParameterLocation, ParameterPlan, ParameterStyle } from '../plan.ts';
import type { RawOperation } from './collect.ts';
import { inputDefault } from './defaults.ts';
import type { Mapper } from './mapper.ts';
import { NameScope, pascalCase, safeName } from './names.ts';
import { DEPRECATED } from './objects.ts';

export interface MappedArgument<Plan> {
  readonly name: string;
  readonly config: GraphQLArgumentConfig;
  readonly plan: Plan;
}

interface Parameter extends Place {
  readonly value: JsonObject;
  readonly name: string;
  readonly in: ParameterLocation;
}

/** Headers that HTTP itself and Weir answer for (OpenAPI 3.1 section 4.8.12.2.1 says to ignore the first three). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization', 'content-length', 'host', 'cookie']);

const LOCATIONS: readonly ParameterLocation[] = ['path', 'query', 'header', 'cookie'];
const STYLES: readonly ParameterStyle[] = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'tabDelimited',
  'deepObject',
];

/** The parameters of an operation as arguments of their own names; `scope` holds the names that are taken. */
export function mapParameters(
  mapper: Mapper,
  document: JsonObject,
  operation: RawOperation,
  scope: NameScope,
): readonly MappedArgument<ParameterPlan>[] {
  const parameters = collect(mapper, document, operation);
  const names = argumentNames(mapper, parameters, scope);
  return parameters.map((parameter) => mapParameter(mapper, operation, parameter, names.get(parameter) ?? ''));
}

function mapParameter(
  mapper: Mapper,
  operation: RawOperation,
  parameter: Parameter,
  argument: string,
): MappedArgument<ParameterPlan> {
  const { value, pointer } = parameter;
  const { schema, mediaType } = schemaOf(parameter);
  const view = mapper.reader.read({ schema, pointer: at(pointer, 'schema') });
  const mapped = mapper.input(view, `${pascalCase(operation.field)}${pascalCase(argument)}`);
  const required = parameter.in === 'path' || value.required === true;
  const defaultValue = required ? (view.constant ?? view.defaultValue)?.value : undefined;
  const fallsBack = defaultValue !== undefined && defaultValue !== null && parameter.in !== 'path';
  const nonNull = required && !fallsBack;
  const style = STYLES.find((known) => known === value.style) ?? (inUrl(parameter.in) ? 'form' : 'simple');
  const graphqlDefault = fallsBack ? inputDefault(view, mapped) : undefined;
  return {
    name: argument,
    config: {
      type: nonNull ? new GraphQLNonNull(mapped.type) : mapped.type,
      description: describe(ownString(value, 'description') ?? view.description, view.defaultValue?.value),
      ...(graphqlDefault === undefined ? {} : { defaultValue: graphqlDefault }),
      deprecationReason: (value.deprecated === true || view.deprecated) && !nonNull ? DEPRECATED : undefined,
    },
    plan: {
      argument,
      name: parameter.name,
      in: parameter.in,
      style,
      explode: typeof value.explode === 'boolean' ? value.explode : style === 'form' || style === 'deepObject',
      allowReserved: value.allowReserved === true,
      required,
      ...(fallsBack ? { default: defaultValue } : {}),
      shape: mapped.shape,
      ...(mediaType === undefined ? {} : { mediaType }),
    },
  };
}

function inUrl(location: ParameterLocation): boolean {
  return location === 'query' || location === 'cookie';
}

function describe(text: string | undefined, defaultValue: unknown): string | undefined {
  if (defaultValue === undefined || defaultValue === null || (text?.toLowerCase().includes('default') ?? false))
    return text;
  const note = `Default: ${JSON.stringify(defaultValue)}`;
  return text === undefined ? note : `${text.trimEnd()}\n${note}`;
}

function schemaOf({ value }: Parameter): { readonly schema: unknown; readonly mediaType?: string } {
  if (value.schema !== undefined) return { schema: value.schema };
  const [media] = Object.entries(ownObject(value, 'content') ?? {});
  if (media !== undefined) return { schema: isObject(media[1]) ? (media[1].schema ?? {}) : {}, mediaType: media[0] };
  // Without a schema, some write its keywords beside the name as Swagger 2.0 did.
  if (typeof value.type === 'string')
    return { schema: { type: value.type, items: value.items, enum: value.enum, format: value.format } };
  return { schema: { type: 'string' } };
}

/** Own parameters and those of the path, own ones winning; sorted by where they go, then as the document has them. */
function collect(mapper: Mapper, document: JsonObject, operation: RawOperation): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const [holder, pointer] of [
    [operation.pathItem, operation.pathPointer],
    [operation.value, operation.pointer],
  ] as const) {
    for (const [index, value] of (ownArray(holder, 'parameters') ?? []).entries()) {
      const parameter = readParameter(mapper, document, { value, pointer: at(pointer, 'parameters', index) });
      if (parameter !== undefined) found.set(`${parameter.in} ${parameter.name}`, parameter);
    }
  }
  const used = [...found.values()].filter((parameter) => isUsable(mapper, operation, parameter));
  for (const name of templateNames(operation.path)) {
    if (used.some((parameter) => parameter.in === 'path' && parameter.name === name)) continue;
    mapper.warnings.add(
      'PARAMETER_ADDED',
      operation.pointer,
      `The path has {${name}}, which is no parameter; it is taken as text.`,
    );
    used.push({ name, in: 'path', value: { schema: { type: 'string' } }, pointer: operation.pathPointer });
  }
  return LOCATIONS.flatMap((location) => used.filter((parameter) => parameter.in === location));
}

function readParameter(mapper: Mapper, document: JsonObject, place: Place): Parameter | undefined {
  const target = follow(document, place);
  const value = target?.value;
  if (target === undefined || !isObject(value)) {
    mapper.warnings.add('MALFORMED', place.pointer, 'This is no parameter; it is left out.');
    return undefined;
  }
  const name = ownString(value, 'name');
  const location = LOCATIONS.find((known) => known === value.in);
  if (name === undefined || name === '' || location === undefined) {
    mapper.warnings.add(
      'MALFORMED',
      place.pointer,
      'A parameter needs a name and a place (path, query, header or cookie); it is left out.',
    );
    return undefined;
  }
  return { value, name, in: location, pointer: target.pointer };
}

function isUsable(mapper: Mapper, operation: RawOperation, parameter: Parameter): boolean {
  if (parameter.in === 'header' && IGNORED_HEADERS.has(parameter.name.toLowerCase())) {
    mapper.warnings.add(
      'HEADER_IGNORED',
      parameter.pointer,
      `The header ${parameter.name} is set by Weir; it is no argument.`,
    );
    return false;
  }
  if (parameter.in !== 'path' || templateNames(operation.path).includes(parameter.name)) return true;
  mapper.warnings.add(
    'PARAMETER_IGNORED',
    parameter.pointer,
    `The path ${operation.path} has no {${parameter.name}}; the parameter is left out.`,
  );
  return false;
}

function templateNames(path: string): readonly string[] {
  return [...new Set([...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? ''))];
}

function argumentNames(
  mapper: Mapper,
  parameters: readonly Parameter[],
  scope: NameScope,
): ReadonlyMap<Parameter, string> {
  const names = new Map<Parameter, string>();
  for (const parameter of parameters) {
    if (safeName(parameter.name, '') === parameter.name && !scope.has(parameter.name)) {
      names.set(parameter, scope.take(parameter.name));
    }
  }
  for (const parameter of parameters) {
    if (names.has(parameter)) continue;
    const safe = safeName(parameter.name, 'argument');
    const name = scope.take(scope.has(safe) ? `${safe}_${parameter.in}` : safe);
    names.set(parameter, name);
    mapper.warnings.add(
      'RENAMED',
      parameter.pointer,
      `The ${parameter.in} parameter ${JSON.stringify(parameter.name)} is the argument ${name}.`,
    );
  }
  return names;
}
