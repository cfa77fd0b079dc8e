/**
 * A pointer into the upgraded document as a pointer into the document that was given: of Swagger 2.0,
 * definitions and the schemas of answers stood elsewhere, and a body was one of the parameters.
 */
export function originalPointer(pointer: string, version: string): string {
  if (!version.startsWith('2')) return pointer;
  return pointer
    .replace(/^\/components\/schemas(?=\/|$)/, '/definitions')
    .replace(/^\/components\/securitySchemes(?=\/|$)/, '/securityDefinitions')
    .replace(/^(\/paths\/[^/]+\/[^/]+\/responses\/[^/]+)\/content\/[^/]+/, '$1')
    .replace(/^(\/paths\/[^/]+\/[^/]+)\/requestBody(\/.*)?$/, '$1/parameters')
    .replace(/^\/servers(\/.*)?$/, '/host');
}
