/** The field of Query by which a subgraph gives its entities. */
export const ENTITIES_FIELD = '_entities';

/** Types that a subgraph has for that field alone. */
export const ENTITIES_TYPES: ReadonlySet<string> = new Set(['_Any', '_Entity']);

/** Types that a subgraph has for its directives and its `_service` alone. */
const OF_FEDERATION = /^(?:link__.*|federation__.*|core__.*|_?FieldSet|_Service)$/;

export function isTypeOfFederation(name: string): boolean {
  return OF_FEDERATION.test(name);
}
