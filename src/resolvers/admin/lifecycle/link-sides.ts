import type { Problem } from '../../../errors/index.ts';
import { linksOf } from '../../../schema/index.ts';
import { checkLink, type LinkSide, type LinkSpec, typeOfSource } from '../../../sources/index.ts';
import { type LifecycleCore, requireRevision } from './core.ts';

/** A source as links are held against it: as it is in the graph, or else as its latest revision would be. */
export async function sideOf(core: LifecycleCore, name: string): Promise<LinkSide | undefined> {
  const running = core.graph.current.members.get(name);
  if (running !== undefined) return running;
  const record = await core.registry.source(name);
  if (record === undefined) return undefined;
  const revision = await requireRevision(core, record, record.liveRevision ?? record.latestRevision);
  return { name, description: await core.descriptions.of(record, revision) };
}

/** The fields that links of a source have already, by type. Those that only a document speaks of give way. */
async function fieldsTaken(core: LifecycleCore, source: LinkSide): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const running = core.graph.current.members.get(source.name);
  const own = running === undefined ? [] : linksOf(running).filter(({ origin }) => origin === 'REVISION');
  const taken = new Map<string, Set<string>>();
  for (const link of [...own, ...[...core.links.values()].filter((one) => one.source === source.name)]) {
    const type = typeOfSource(source, link.type)?.name ?? link.type;
    taken.set(type, (taken.get(type) ?? new Set()).add(link.field));
  }
  return taken;
}

/** Everything that is wrong with a link that is to be added; places begin with `place`. */
export async function problemsOfNewLink(
  core: LifecycleCore,
  source: LinkSide,
  spec: LinkSpec,
  place: string,
): Promise<readonly Problem[]> {
  return problemsOf(core, source, spec, place, await fieldsTaken(core, source));
}

/** Everything that is wrong with the links that a revision brings. */
export async function problemsOfGivenLinks(
  core: LifecycleCore,
  source: LinkSide,
  specs: readonly LinkSpec[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [index, spec] of specs.entries()) {
    const taken = new Map<string, Set<string>>();
    for (const [at, other] of specs.entries()) {
      const same = other.field === spec.field && typeNameOf(source, other) === typeNameOf(source, spec);
      if (at === index || (same && at > index)) continue;
      const type = typeNameOf(source, other);
      taken.set(type, (taken.get(type) ?? new Set()).add(other.field));
    }
    problems.push(...(await problemsOf(core, source, spec, `input.links.${index}`, taken)));
  }
  return problems;
}

function typeNameOf(source: LinkSide, { type }: LinkSpec): string {
  return typeOfSource(source, type)?.name ?? type;
}

async function problemsOf(
  core: LifecycleCore,
  source: LinkSide,
  spec: LinkSpec,
  place: string,
  taken: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<readonly Problem[]> {
  const target = spec.target === source.name ? source : await sideOf(core, spec.target);
  if (target === undefined) {
    const message = `Expected a registered source; there is none named ${JSON.stringify(spec.target)}.`;
    return [{ path: `${place}.target`, message }];
  }
  const checked = checkLink(spec, source, target, taken);
  return checked.ok ? [] : checked.problems.map(({ path, message }) => ({ path: `${place}.${path}`, message }));
}
