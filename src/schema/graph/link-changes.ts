import type { Problem } from '../../errors/index.ts';
import type { CheckedLink } from '../../sources/index.ts';
import type { GraphLink, LinkInGraph } from './types.ts';

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
  const changes: LinkChange[] = [];
  const now = new Map(after.map((entry) => [fieldKey(entry.link), entry]));
  const then = new Set<string>();
  for (const entry of before) {
    const { link } = entry;
    if (entry.state !== 'ACTIVE' || (link.source !== source && link.target !== source)) continue;
    const path = `${entry.checked.typeName}.${link.field}`;
    then.add(path);
    const next = now.get(fieldKey(link));
    if (next?.state === 'ACTIVE') {
      const [was, is] = [signature(entry.checked), signature(next.checked)];
      if (was !== is) {
        changes.push({ criticality: 'BREAKING', path, message: `The link ${path} changes from ${was} to ${is}` });
      }
    } else {
      const why = next === undefined ? 'it is not given any more' : told(next.problems);
      changes.push({ criticality: 'BREAKING', path, message: `The link ${path} leaves the graph: ${why}` });
    }
  }
  for (const entry of after) {
    if (entry.state !== 'ACTIVE' || (entry.link.source !== source && entry.link.target !== source)) continue;
    const path = `${entry.checked.typeName}.${entry.link.field}`;
    if (!then.has(path)) changes.push({ criticality: 'SAFE', path, message: `The link ${path} enters the graph` });
  }
  return changes;
}

function fieldKey({ source, type, field }: GraphLink): string {
  return `${source}/${type}.${field}`;
}

function signature({ type, args }: CheckedLink): string {
  const list = Object.entries(args).map(([name, argument]) => `${name}: ${String(argument.type)}`);
  return `${list.length === 0 ? '' : `(${list.join(', ')}): `}${String(type)}`;
}

export function told(problems: readonly Problem[]): string {
  return problems.map(({ message }) => message).join(' ');
}
