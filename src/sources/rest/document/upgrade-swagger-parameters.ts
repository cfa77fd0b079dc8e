import { isObject, type JsonObject, ownArray, ownObject, ownString } from '../openapi/json.ts';
import { at, valueAt } from '../openapi/pointer.ts';
import { follow, type Place } from '../openapi/walk.ts';
import type { Findings } from './findings.ts';

/** What a Swagger 2.0 parameter says about itself; everything else of it is its schema. */
const NOT_SCHEMA = new Set([
  'name',
  'in',
  'description',
  'required',
  'collectionFormat',
  'allowEmptyValue',
  'schema',
  'deprecated',
]);

/** `collectionFormat` in the words of OpenAPI 3; `tsv` has none there and is kept as an extension. */
const STYLES: Readonly<Record<string, JsonObject>> = {
  csv: { style: 'form', explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  multi: { style: 'form', explode: true },
};

/** Parameters of an operation, those of its path among them, as `parameters` and `requestBody` of OpenAPI 3. */
export function upgradeParameters(
  document: JsonObject,
  pathItem: JsonObject,
  operation: JsonObject,
  consumes: readonly string[],
  pointer: string,
  findings: Findings,
): void {
  const shared = ownArray(pathItem, 'parameters') ?? [];
  const given = ownArray(operation, 'parameters') ?? [];
  const all = new Map<string, Place & { readonly value: JsonObject }>();
  const places = [
    ...shared.map((value, index) => ({ value, pointer: at(pointer.replace(/\/[^/]+$/, ''), 'parameters', index) })),
    ...given.map((value, index) => ({ value, pointer: at(pointer, 'parameters', index) })),
  ];
  for (const place of places) {
    const found = follow(document, place)?.value;
    if (!isObject(found)) {
      findings.problem(place.pointer, unusable(place.value));
      continue;
    }
    const location = ownString(found, 'in');
    // There is one body only, whatever its name.
    const key = location === 'body' ? 'body' : `${location} ${ownString(found, 'name')}`;
    const ownBody = location === 'body' || location === 'formData';
    const shared = ownBody ? undefined : sharedName(document, place.value, found);
    const value = shared === undefined ? found : { $ref: `#/components/parameters/${shared}` };
    all.set(key, { value, pointer: place.pointer });
  }
  const parameters: JsonObject[] = [];
  const fields: JsonObject[] = [];
  for (const { value } of all.values()) {
    if (value.in === 'body') operation.requestBody = bodyOf(value, consumes);
    else if (value.in === 'formData') fields.push(value);
    else parameters.push(typeof value.$ref === 'string' ? value : upgradeParameter(value));
  }
  if (fields.length > 0) operation.requestBody = formOf(fields, consumes);
  operation.parameters = parameters;
}

/** Parameters that several operations share stay one thing; bodies cannot, they depend on the operation. */
export function upgradeSharedParameters(document: JsonObject): JsonObject {
  const parameters = ownObject(document, 'parameters') ?? {};
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      isObject(value) && typeof value.$ref !== 'string' && value.in !== 'body' && value.in !== 'formData'
        ? [[name, upgradeParameter(value)]]
        : [],
    ),
  );
}

/** The part of a reference that names a shared parameter, as it is written there; undefined when it leads elsewhere. */
function sharedName(document: JsonObject, reference: unknown, target: JsonObject): string | undefined {
  const text = isObject(reference) ? (ownString(reference, '$ref') ?? '') : '';
  const name = /^#\/parameters\/([^/]+)$/.exec(text)?.[1];
  return name !== undefined && valueAt(document, text) === target ? name : undefined;
}

function unusable(value: unknown): string {
  return isObject(value) && typeof value.$ref === 'string'
    ? `Expected a reference that leads to a parameter; ${JSON.stringify(value.$ref)} leads nowhere.`
    : 'Expected a parameter object.';
}

function upgradeParameter(given: JsonObject): JsonObject {
  const { name, in: location, description, required, allowEmptyValue, deprecated } = given;
  const schema = given.schema ?? schemaOf(given);
  const list = isObject(schema) && schema.type === 'array';
  const format = ownString(given, 'collectionFormat') ?? 'csv';
  const style: JsonObject = !list
    ? {}
    : location === 'query'
      ? (STYLES[format] ?? {})
      : format === 'csv'
        ? { style: 'simple', explode: false }
        : (STYLES[format] ?? {});
  return {
    name,
    in: location,
    ...(description === undefined ? {} : { description }),
    ...(required === undefined ? {} : { required }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(allowEmptyValue === undefined ? {} : { allowEmptyValue }),
    ...style,
    schema,
  };
}

function schemaOf(parameter: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parameter).filter(([key]) => !NOT_SCHEMA.has(key)));
}

function bodyOf(parameter: JsonObject, consumes: readonly string[]): JsonObject {
  // A body that is said to be a form is sent as JSON all the same when nothing else is offered:
  // `body` and forms exclude each other in Swagger 2.0.
  const types = consumes.filter((type) => !isForm(type));
  return {
    ...(typeof parameter.description === 'string' ? { description: parameter.description } : {}),
    required: parameter.required === true,
    'x-name': parameter.name,
    content: Object.fromEntries(
      (types.length > 0 ? types : ['application/json']).map((type) => [type, { schema: parameter.schema ?? {} }]),
    ),
  };
}

function formOf(fields: readonly JsonObject[], consumes: readonly string[]): JsonObject {
  const files = fields.some((field) => field.type === 'file');
  const offered = consumes.find(isForm);
  const type = files ? 'multipart/form-data' : (offered ?? 'application/x-www-form-urlencoded');
  const named = fields.filter((field) => typeof field.name === 'string');
  const encoding = named.flatMap((field) => {
    const style = field.type === 'array' ? STYLES[ownString(field, 'collectionFormat') ?? 'csv'] : undefined;
    return style === undefined ? [] : [[field.name, style] as const];
  });
  const required = named.filter((field) => field.required === true).map((field) => field.name);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(
      named.map((field) => [
        field.name,
        { ...schemaOf(field), ...(field.description === undefined ? {} : { description: field.description }) },
      ]),
    ),
    ...(required.length > 0 ? { required } : {}),
  };
  return {
    required: required.length > 0,
    content: { [type]: { schema, ...(encoding.length > 0 ? { encoding: Object.fromEntries(encoding) } : {}) } },
  };
}

function isForm(type: string): boolean {
  return /^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type);
}
