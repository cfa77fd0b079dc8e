import type { JsonObject } from '../openapi/json.ts';
import { schemaRoots } from '../openapi/walk.ts';
import type { Findings } from './findings.ts';
import { eachSchema, upgradeSchema } from './upgrade-schemas.ts';
import { upgradeSwagger } from './upgrade-swagger.ts';
import type { Dialect } from './version.ts';

/**
 * Any recognised document as OpenAPI 3.1. The given one is changed in place and must not be used again.
 * https://spec.openapis.org/oas/v3.1.1.html
 */
export function upgrade(document: JsonObject, dialect: Dialect, findings: Findings): JsonObject {
  if (dialect === '3.1') return document;
  const three = dialect === '2.0' ? upgradeSwagger(document, findings) : document;
  const seen = new Set<object>();
  for (const root of schemaRoots(three)) eachSchema(root.value, seen, upgradeSchema);
  three.openapi = '3.1.1';
  return three;
}
