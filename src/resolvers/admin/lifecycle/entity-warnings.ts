import type { GraphMember } from '../../../schema/index.ts';
import { type CheckedFetch, checkEntities, type Warning } from '../../../sources/index.ts';

/** What an owner should know of the entities that a source declares, beside whether they fit. */
export function entityWarnings({ name, description }: Pick<GraphMember, 'name' | 'description'>): readonly Warning[] {
  const { entities } = checkEntities(description);
  return entities.flatMap(({ typeName, fetch }): readonly Warning[] => {
    if (fetch === undefined || isForMany(fetch)) return [];
    const many = entities.filter((other) => other.typeName === typeName && other.fetch && isForMany(other.fetch));
    const given = new Set(many.flatMap((other) => [...(other.fetch?.fields ?? [])]));
    if ([...fetch.fields].every((field) => given.has(field))) return [];
    const { operation } = fetch;
    const message = `For a list of N objects this is up to N calls of ${operation.name} of ${name}: declare a bulk form (batch) for one of its operations and name that.`;
    return [{ kind: 'ENTITY_N_CALLS', path: typeName, message }];
  });
}

/** An operation that selects merges calls that come together into one request by itself. */
function isForMany({ bulk, operation }: CheckedFetch): boolean {
  return bulk !== undefined || operation.selects === true;
}
