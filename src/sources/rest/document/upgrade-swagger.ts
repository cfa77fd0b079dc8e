import { isObject, type JsonObject, ownArray, ownObject, ownString } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { follow, METHODS } from '../openapi/walk.ts';
import type { Findings } from './findings.ts';
import { upgradeParameters, upgradeSharedParameters } from './upgrade-swagger-parameters.ts';
import { upgradeSecurity } from './upgrade-swagger-security.ts';

/**
 * A Swagger 2.0 document in the form of OpenAPI 3.
 * Parameters and responses that are referenced are put in their place, since one of them
 * may become a body here and a parameter there, and media types depend on the operation.
 * https://spec.openapis.org/oas/v2.0.html
 */
export function upgradeSwagger(document: JsonObject, findings: Findings): JsonObject {
  const paths = ownObject(document, 'paths') ?? {};
  for (const [path, item] of Object.entries(paths)) {
    if (!isObject(item)) continue;
    const pathItem = typeof item.$ref === 'string' ? follow(document, { value: item, pointer: '' })?.value : item;
    if (!isObject(pathItem)) continue;
    for (const method of METHODS) {
      const operation = ownObject(pathItem, method);
      if (operation === undefined) continue;
      upgradeOperation(document, pathItem, operation, at('/paths', path, method), findings);
    }
    delete pathItem.parameters;
    paths[path] = pathItem;
  }
  const parameters = upgradeSharedParameters(document);
  const components: JsonObject = {
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(isObject(document.definitions) ? { schemas: document.definitions } : {}),
    ...(isObject(document.securityDefinitions)
      ? { securitySchemes: upgradeSecurity(document.securityDefinitions) }
      : {}),
  };
  const {
    swagger: _swagger,
    definitions: _d,
    securityDefinitions: _s,
    parameters: _p,
    responses: _r,
    ...rest
  } = document;
  for (const key of ['host', 'basePath', 'schemes', 'consumes', 'produces']) delete rest[key];
  const upgraded: JsonObject = { openapi: '3.1.1', ...rest, paths, components, servers: servers(document) };
  redirectReferences(upgraded);
  return upgraded;
}

function servers(document: JsonObject): readonly JsonObject[] {
  const host = ownString(document, 'host');
  const basePath = ownString(document, 'basePath') ?? '';
  if (host === undefined || host === '') return basePath === '' ? [] : [{ url: basePath }];
  const schemes = (ownArray(document, 'schemes') ?? []).filter((s) => s === 'https' || s === 'http');
  // Several schemes are ways to the same server, not several servers: the safest is taken.
  const scheme = schemes.length === 0 || schemes.includes('https') ? 'https' : 'http';
  const bare = host.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '');
  return [{ url: `${scheme}://${bare}${basePath === '/' ? '' : basePath}` }];
}

function upgradeOperation(
  document: JsonObject,
  pathItem: JsonObject,
  operation: JsonObject,
  pointer: string,
  findings: Findings,
): void {
  const consumes = mediaTypeList(operation, document, 'consumes');
  const produces = mediaTypeList(operation, document, 'produces');
  upgradeParameters(document, pathItem, operation, consumes, pointer, findings);
  const responses = ownObject(operation, 'responses');
  if (responses !== undefined) {
    operation.responses = Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [status, upgradeResponse(document, response, produces)]),
    );
  }
  delete operation.consumes;
  delete operation.produces;
  delete operation.schemes;
}

function upgradeResponse(document: JsonObject, given: unknown, produces: readonly string[]): unknown {
  const response = follow(document, { value: given, pointer: '' })?.value;
  if (!isObject(response)) return given;
  const { schema, examples: _examples, headers: _headers, ...rest } = response;
  if (schema === undefined) return rest;
  const types = produces.length > 0 ? produces : ['application/json'];
  return { ...rest, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function mediaTypeList(operation: JsonObject, document: JsonObject, key: string): readonly string[] {
  const list = ownArray(operation, key) ?? ownArray(document, key) ?? [];
  return list.filter((type) => typeof type === 'string');
}

/** Definitions have moved; everything that points at them follows. */
function redirectReferences(document: JsonObject): void {
  const stack: unknown[] = [document];
  const seen = new Set<object>();
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isObject(value) && typeof value.$ref === 'string') {
      value.$ref = value.$ref.replace(/^#\/definitions\//, '#/components/schemas/');
    }
    if (isObject(value) && isObject(value.discriminator) && isObject(value.discriminator.mapping)) {
      const mapping = value.discriminator.mapping;
      for (const [key, target] of Object.entries(mapping)) {
        if (typeof target === 'string') mapping[key] = target.replace(/^#\/definitions\//, '#/components/schemas/');
      }
    }
    stack.push(...Object.values(value));
  }
}
