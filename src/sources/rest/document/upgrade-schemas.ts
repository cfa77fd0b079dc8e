import { isObject, type JsonObject, own } from '../openapi/json.ts';

/** Keywords whose value is one schema, a list of schemas, or schemas by name. Everything else is data. */
const ONE = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'propertyNames', 'contains'];
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const BY_NAME = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

/**
 * Calls `visit` for a schema and every schema in it, outermost first; never for examples, defaults or enum values.
 * Schemas that YAML aliases share are visited once (`seen`).
 */
export function eachSchema(root: unknown, seen: Set<object>, visit: (schema: JsonObject) => void): void {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const schema = stack.pop();
    if (!isObject(schema) || seen.has(schema)) continue;
    seen.add(schema);
    visit(schema);
    for (const key of ONE) stack.push(own(schema, key));
    for (const key of LIST) {
      const list = own(schema, key);
      if (Array.isArray(list)) stack.push(...list);
    }
    for (const key of BY_NAME) {
      const map = own(schema, key);
      if (isObject(map)) stack.push(...Object.values(map));
    }
  }
}

/** One schema object of OpenAPI 2.0 or 3.0, changed in place to the dialect of 3.1 (JSON Schema 2020-12). */
export function upgradeSchema(schema: JsonObject): void {
  if (schema['x-nullable'] === true && schema.nullable === undefined) schema.nullable = true;
  if (schema.type === 'file') {
    schema.type = 'string';
    schema.format = 'binary';
  }
  if (typeof schema.discriminator === 'string') schema.discriminator = { propertyName: schema.discriminator };
  upgradeNullable(schema);
  upgradeExclusive(schema, 'exclusiveMinimum', 'minimum');
  upgradeExclusive(schema, 'exclusiveMaximum', 'maximum');
}

function upgradeNullable(schema: JsonObject): void {
  if (schema.nullable !== true) {
    if (schema.nullable === false) delete schema.nullable;
    return;
  }
  const type = schema.type;
  if (typeof type === 'string') {
    schema.type = type === 'null' ? type : [type, 'null'];
    delete schema.nullable;
    if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
  }
  // Beside `$ref`, `allOf` and the like `nullable` stays: the mapping reads it as it was meant,
  // and an `anyOf` with null around it would only make a union where there is none.
}

function upgradeExclusive(schema: JsonObject, exclusive: string, bound: string): void {
  const value = schema[exclusive];
  if (typeof value !== 'boolean') return;
  if (value && typeof schema[bound] === 'number') {
    schema[exclusive] = schema[bound];
    delete schema[bound];
  } else {
    delete schema[exclusive];
  }
}
