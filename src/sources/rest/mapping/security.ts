import { isObject, type JsonObject, ownArray } from '../openapi/json.ts';
import type { SecurityRequirement } from '../plan.ts';

/** What an operation asks for; its own list replaces the document's. */
export function securityOf(document: JsonObject, operation: JsonObject): readonly (readonly SecurityRequirement[])[] {
  const list = ownArray(operation, 'security') ?? ownArray(document, 'security') ?? [];
  return list.filter(isObject).map((alternative) =>
    Object.entries(alternative).map(([scheme, scopes]) => ({
      scheme,
      scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [],
    })),
  );
}
