import { isObjectType } from 'graphql';
import type { GraphMember, GraphVersion } from '../../../schema/index.ts';
import { isCalled, type Warning } from '../../../sources/index.ts';

/** Fields that a source would give in another's stead, and nobody gives: the other one may be called otherwise here. */
export function overrideWarnings(version: GraphVersion, { name, description }: GraphMember): readonly Warning[] {
  return (description.relations?.overrides ?? []).flatMap(({ type, field, from }): readonly Warning[] => {
    const other = [...version.members.values()].find((member) => member.name !== name && isCalled(member.name, from));
    const isEntity = other?.description.entities?.some((entity) => entity.type === type) === true;
    const theirs = isEntity ? other?.description.schema.getType(type) : undefined;
    if (isObjectType(theirs) && theirs.getFields()[field] !== undefined) return [];
    const why =
      other === undefined ? `no source ${JSON.stringify(from)} is in the graph` : `${other.name} does not give it`;
    const message = `The field is overridden from ${from}, and ${why}: nothing is taken over.`;
    return [{ kind: 'OVERRIDE_WITHOUT_EFFECT', path: `${type}.${field}`, message }];
  });
}
