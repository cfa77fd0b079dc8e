import type { Actor } from '../../../access/index.ts';
import { InvalidDefinition, type Problem, WeirError } from '../../../errors/index.ts';
import type { LinkRecord, SourceRecord } from '../../../registry/index.ts';
import { type GraphLink, type LinkInGraph, linksOf, told } from '../../../schema/index.ts';
import type { LinkSpec } from '../../../sources/index.ts';
import { change, type LifecycleCore, requireRevision } from './core.ts';
import { problemsOfNewLink, sideOf } from './link-sides.ts';

export interface AddLinkRequest {
  /** The source whose type gets the field. */
  readonly source: string;
  readonly link: LinkSpec;
  /** What was found wrong with the input on the way here. */
  readonly problems: readonly Problem[];
  readonly actor: Actor;
}

/** A link as the admin API shows it. */
export interface ShownLink extends GraphLink {
  readonly state: LinkInGraph['state'];
  /** Why it is not in the graph; undefined while it is. */
  readonly problem: string | undefined;
  /** Whether many parents are few calls: it gives a key of the operation's bulk form. */
  readonly batched: boolean;
}

/** Bytes in an id: as hard to guess as to meet by chance. */
const ID_BYTES = 9;

/**
 * Adds a field to a type of a source. It is in the graph when this resolves, if both its sources are; else it waits
 * for them. Every problem comes in one INVALID_DEFINITION, and nothing has changed then.
 */
export async function addLink(core: LifecycleCore, request: AddLinkRequest): Promise<ShownLink> {
  const { source: name, link, actor } = request;
  // Describing a large source that is not in the graph takes a while: others' changes should not wait for it.
  await Promise.all([sideOf(core, name), sideOf(core, link.target)]);
  return core.graphChanges.run(async () => {
    const source = await sideOf(core, name);
    const found =
      source === undefined
        ? [
            {
              path: 'input.source',
              message: `Expected a registered source; there is none named ${JSON.stringify(name)}.`,
            },
          ]
        : await problemsOfNewLink(core, source, link, 'input');
    const problems = [...request.problems, ...found];
    if (problems.length > 0) throw new InvalidDefinition(problems);

    const id = `lnk_${core.random.bytes(ID_BYTES).toString('base64url')}`;
    const added: GraphLink = { ...link, id, source: name, origin: 'ADDED' };
    const version = await core.graph.compose([...core.graph.current.members.values()], [...core.links.values(), added]);
    const { target, operation } = link;
    const record = await core.registry.addLink(
      { ...link, id, source: name },
      change(actor, 'addLink', { source: name, field: `${link.type}.${link.field}`, target, operation }),
    );
    core.links.set(id, linkOfRecord(record));
    if (version.links.some((entry) => entry.link.id === id && entry.state === 'ACTIVE')) core.graph.swap(version);
    return shownLink(core, linkOfRecord(record));
  });
}

/** Takes a link out of the graph that was added by itself. Requests in flight finish with it. */
export function removeLink(core: LifecycleCore, id: string, actor: Actor): Promise<string> {
  return core.graphChanges.run(async () => {
    const link = core.links.get(id);
    if (link === undefined) throw notRemovable(core, id);
    const others = [...core.links.values()].filter((one) => one.id !== id);
    const version = await core.graph.compose([...core.graph.current.members.values()], others);
    await core.registry.removeLink(
      id,
      change(actor, 'removeLink', { source: link.source, field: `${link.type}.${link.field}` }),
    );
    core.links.delete(id);
    if (core.graph.current.links.some((entry) => entry.link.id === id && entry.state === 'ACTIVE')) {
      core.graph.swap(version);
    }
    return id;
  });
}

function notRemovable(core: LifecycleCore, id: string): WeirError {
  const brought = core.graph.current.links.find(({ link }) => link.id === id)?.link;
  if (brought === undefined) return new WeirError('NOT_FOUND', `There is no link with the id ${JSON.stringify(id)}.`);
  return new WeirError(
    'CONFLICT',
    `The link ${id} comes with the live revision of ${brought.source}: it goes with the next revision that has it not.`,
    { source: brought.source },
  );
}

/** All links of a source's types: those added by themselves, and those of its live (or else its latest) revision. */
export async function linksOfSource(core: LifecycleCore, record: SourceRecord): Promise<readonly ShownLink[]> {
  const added = [...core.links.values()].filter(({ source }) => source === record.name);
  const running = core.graph.current.members.get(record.name);
  if (running !== undefined) {
    const composed = core.graph.current.links.filter(({ link }) => link.source === record.name);
    const known = new Set(composed.map(({ link }) => link.id));
    return [...composed.map(({ link }) => link), ...added.filter(({ id }) => !known.has(id))].map((link) =>
      shownLink(core, link),
    );
  }
  const revision = await requireRevision(core, record, record.liveRevision ?? record.latestRevision);
  const description = await core.descriptions.of(record, revision);
  const own = linksOf({ name: record.name, description, links: revision.links });
  return [...own, ...added].map((link) => shownLink(core, link));
}

export function shownLink(core: LifecycleCore, link: GraphLink): ShownLink {
  const entry = core.graph.current.links.find((one) => one.link.id === link.id);
  if (entry?.state === 'ACTIVE') {
    return { ...link, state: 'ACTIVE', problem: undefined, batched: entry.checked.key !== undefined };
  }
  if (entry !== undefined) return { ...link, state: entry.state, problem: told(entry.problems), batched: false };
  const absent = [link.source, link.target].find((name) => !core.graph.current.members.has(name));
  return { ...link, state: 'WAITING', problem: `${absent ?? link.source} is not in the graph.`, batched: false };
}

export function linkOfRecord({ createdAt: _at, createdBy: _by, ...link }: LinkRecord): GraphLink {
  return { ...link, origin: 'ADDED' };
}
