import { buildSchema, printSchema, printType, validateSchema } from 'graphql';
import type { RestDefinition } from '../../../../src/sources/rest/definition.ts';
import { Findings } from '../../../../src/sources/rest/document/findings.ts';
import { upgrade } from '../../../../src/sources/rest/document/upgrade.ts';
import { describeRest, type RestDescription } from '../../../../src/sources/rest/mapping/index.ts';

export type Json = Record<string, unknown>;

/** An OpenAPI 3.1 document of these paths and schemas. */
export function openapi(paths: Json, schemas: Json = {}, more: Json = {}): Json {
  return { openapi: '3.1.0', info: { title: 'Test', version: '1' }, paths, components: { schemas }, ...more };
}

/** A GET that answers with this schema, below `/thing`. */
export function answering(schema: unknown, schemas: Json = {}, more: Json = {}): Json {
  return openapi({ '/thing': { get: { operationId: 'getThing', responses: { 200: json(schema) } } } }, schemas, more);
}

/** A POST that takes this schema, below `/thing`. */
export function taking(schema: unknown, schemas: Json = {}): Json {
  const requestBody = { required: true, content: { 'application/json': { schema } } };
  return openapi(
    { '/thing': { post: { operationId: 'putThing', requestBody, responses: { 204: { description: 'ok' } } } } },
    schemas,
  );
}

export function json(schema: unknown): Json {
  return { description: 'ok', content: { 'application/json': { schema } } };
}

export function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

export function definition(document: Json, more: Partial<RestDefinition> = {}): RestDefinition {
  return {
    document,
    url: undefined,
    originalVersion: '3.1.0',
    readWarnings: [],
    endpoints: [{ url: 'http://127.0.0.1:1', priority: 0, weight: 1 }],
    namespace: 'shop',
    auth: undefined,
    headers: [],
    forwardHeaders: [],
    include: [],
    exclude: [],
    operations: [],
    maps: 'LIST',
    ...more,
  };
}

/** Describes a document, and holds what every description must: a valid schema that prints and parses to itself. */
export async function describeDocument(document: Json, more: Partial<RestDefinition> = {}): Promise<RestDescription> {
  const description = await describeRest(definition(structuredClone(document), more), 'shop');
  const errors = validateSchema(description.schema);
  if (errors.length > 0) throw new Error(`The schema is not valid: ${errors.map((error) => error.message).join('; ')}`);
  const printed = printSchema(description.schema);
  const again = printSchema(buildSchema(printed));
  if (again !== printed) throw new Error('The schema prints to something else once parsed.');
  return description;
}

/** The same for a document of OpenAPI 3.0 or 2.0. */
export function describeUpgraded(document: Json, dialect: '2.0' | '3.0'): Promise<RestDescription> {
  return describeDocument(upgrade(structuredClone(document), dialect, new Findings()));
}

/** One type of a description, as SDL without descriptions. */
export function typeOf(description: RestDescription, name: string): string {
  const type = description.schema.getType(name);
  if (type === undefined) {
    throw new Error(`There is no type ${name}; there are ${Object.keys(description.schema.getTypeMap()).join(', ')}.`);
  }
  return printType(type)
    .replaceAll(/^ *"""[\s\S]*?"""\n/gm, '')
    .replaceAll(/\n\n+/g, '\n');
}

/** The type of one field, as SDL. */
export function fieldType(description: RestDescription, typeName: string, field: string): string {
  const type = description.schema.getType(typeName);
  if (type === undefined || !('getFields' in type)) throw new Error(`There is no type ${typeName} with fields.`);
  const found = type.getFields()[field];
  if (found === undefined)
    throw new Error(`There is no ${typeName}.${field}; there are ${Object.keys(type.getFields()).join(', ')}.`);
  return String(found.type);
}

export function operation(description: RestDescription, name: string) {
  const found = description.operations.get(name);
  if (found === undefined)
    throw new Error(`There is no operation ${name}; there are ${[...description.operations.keys()].join(', ')}.`);
  return found;
}

export function kindsOf(description: RestDescription): readonly string[] {
  return [...new Set(description.warnings.map(({ kind }) => kind))].sort();
}
