import type { Problem } from '../../errors/index.ts';
import type { CheckedLink } from '../../sources/index.ts';
import type { LinkInGraph } from './types.ts';

/** What clients of one version would miss or find in another, as far as links of or to a source make the difference. */
export interface LinkChange {
  readonly criticality: 'BREAKING' | 'SAFE';
  readonly path: string;
  readonly message: string;
}

export function linkChanges(
  before: readonly LinkInGraph[],
  after: readonly LinkInGraph[],
  source: string,
): readonly LinkChange[] {
  const then = activeOf(before, source);
  const now = activeOf(after, source);
  const changes: LinkChange[] = [];
  for (const [path, entry] of then) {
    const next = now.get(path);
    if (next === undefined) {
      const why = whyGone(entry, after);
      changes.push({ criticality: 'BREAKING', path, message: `The link ${path} leaves the graph: ${why}` });
      continue;
    }
    const [was, is] = [signature(entry.checked), signature(next.checked)];
    if (was === is) continue;
    changes.push({ criticality: 'BREAKING', path, message: `The link ${path} changes from ${was} to ${is}` });
  }
  for (const path of now.keys()) {
    if (!then.has(path)) changes.push({ criticality: 'SAFE', path, message: `The link ${path} enters the graph` });
  }
  return changes;
}

type ActiveEntry = Extract<LinkInGraph, { state: 'ACTIVE' }>;

/** The links of and to a source that are in the graph, by their place there, whichever link it is that stands there. */
function activeOf(links: readonly LinkInGraph[], name: string): ReadonlyMap<string, ActiveEntry> {
  const active = new Map<string, ActiveEntry>();
  for (const entry of links) {
    const { source, target, field } = entry.link;
    if (entry.state === 'ACTIVE' && (source === name || target === name)) {
      active.set(`${entry.checked.typeName}.${field}`, entry);
    }
  }
  return active;
}

function whyGone({ link }: ActiveEntry, after: readonly LinkInGraph[]): string {
  const still = after.find((entry) => entry.link.id === link.id);
  return still === undefined || still.state === 'ACTIVE' ? 'it is not given any more' : told(still.problems);
}

function signature({ type, args }: CheckedLink): string {
  const list = Object.entries(args).map(([name, argument]) => `${name}: ${String(argument.type)}`);
  return `${list.length === 0 ? '' : `(${list.join(', ')}): `}${String(type)}`;
}

export function told(problems: readonly Problem[]): string {
  return problems.map(({ message }) => message).join(' ');
}
