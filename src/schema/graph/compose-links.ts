import { checkLink, type LinkSpec, typeOfSource } from '../../sources/index.ts';
import type { GraphLink, GraphMember, LinkInGraph } from './types.ts';

/**
 * Finds of every link whether it can be in a graph of these members. A link never keeps a graph from composing:
 * one whose source or target is not there waits, one that does not fit is broken and says why.
 *
 * Of several links for one field, that of the live revision goes before those added by hand, and these before
 * one that a document speaks of, which then is not there at all.
 */
export function composeLinks(
  members: ReadonlyMap<string, GraphMember>,
  added: readonly GraphLink[],
): readonly LinkInGraph[] {
  const all = [...[...members.values()].flatMap(linksOfRevision), ...added].map((link) => placed(link, members));
  const given = new Set(all.map(({ place }) => place));
  for (const member of members.values()) {
    for (const link of linksOfDocument(member)) {
      const entry = placed(link, members);
      if (!given.has(entry.place)) all.push(entry);
    }
  }
  const fields = new Map<string, Set<string>>();
  for (const { type, link } of all) fields.set(type, (fields.get(type) ?? new Set()).add(link.field));

  const claimed = new Set<string>();
  return all.map(({ link, type, place }): LinkInGraph => {
    const source = members.get(link.source);
    const target = members.get(link.target);
    if (source === undefined || target === undefined) {
      const [side, absent] = source === undefined ? ['source', link.source] : ['target', link.target];
      return { link, state: 'WAITING', problems: [{ path: side, message: `${absent} is not in the graph.` }] };
    }
    const others = new Set(fields.get(type));
    if (!claimed.has(place)) others.delete(link.field);
    const owner = ownerOfField(link, members);
    if (owner !== undefined) {
      const message = `Expected a field that ${link.type} does not have; source ${owner} gives it ${link.field}.`;
      return { link, state: 'BROKEN', problems: [{ path: 'field', message }] };
    }
    const checked = checkLink(link, source, target, new Map([[typeName(link, members), others]]));
    if (!checked.ok) return { link, state: 'BROKEN', problems: checked.problems };
    claimed.add(place);
    return { link, state: 'ACTIVE', checked: checked.link };
  });
}

/** The links that a source brings itself. */
export function linksOf(member: Pick<GraphMember, 'name' | 'links' | 'description'>): readonly GraphLink[] {
  const own = linksOfRevision(member);
  const given = new Set(own.map(({ type, field }) => `${type}.${field}`));
  return [...own, ...linksOfDocument(member).filter(({ type, field }) => !given.has(`${type}.${field}`))];
}

function linksOfRevision({ name, links = [] }: Pick<GraphMember, 'name' | 'links'>): GraphLink[] {
  return links.map((spec) => graphLink(name, spec, 'REVISION'));
}

function linksOfDocument({ name, description }: Pick<GraphMember, 'name' | 'description'>): GraphLink[] {
  return (description.links ?? []).map((spec) => graphLink(name, spec, 'DOCUMENT'));
}

/** The id of a link without a row of its own: the place where it stands. */
function graphLink(source: string, spec: LinkSpec, origin: GraphLink['origin']): GraphLink {
  return { ...spec, id: `${source}.${spec.type}.${spec.field}`, source, origin };
}

interface PlacedLink {
  readonly link: GraphLink;
  /** The type that gets the field, told from types of other sources. */
  readonly type: string;
  readonly place: string;
}

function placed(link: GraphLink, members: ReadonlyMap<string, GraphMember>): PlacedLink {
  const name = typeName(link, members);
  // An entity is one type, whichever source the link is of.
  const type = sharesType(members.get(link.source), name) ? `/${name}` : `${link.source}/${name}`;
  return { link, type, place: `${type}.${link.field}` };
}

function sharesType(member: GraphMember | undefined, type: string): boolean {
  return member?.description.entities?.some((entity) => entity.type === type) === true;
}

/** Another source that has the field of the link already, where the link's type is an entity of both. */
function ownerOfField(link: GraphLink, members: ReadonlyMap<string, GraphMember>): string | undefined {
  const name = typeName(link, members);
  if (!sharesType(members.get(link.source), name)) return undefined;
  for (const member of members.values()) {
    if (member.name === link.source || !sharesType(member, name)) continue;
    if (typeOfSource(member, name)?.getFields()[link.field] !== undefined) return member.name;
  }
  return undefined;
}

/** The type's name in the graph: a link may name it without the source's prefix. */
function typeName({ source, type }: GraphLink, members: ReadonlyMap<string, GraphMember>): string {
  const member = members.get(source);
  return (member && typeOfSource(member, type)?.name) ?? type;
}
