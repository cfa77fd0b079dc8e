import type { SchemaChange } from '../../../registry/index.ts';
import { type GraphVersion, type LinkInGraph, linkChanges, told } from '../../../schema/index.ts';
import type { Warning } from '../../../sources/index.ts';
import type { LifecycleCore } from './core.ts';

/**
 * What a version does to the links of and to a source. One that leaves the graph or changes breaks clients. One that
 * the new revision brings and that does not fit counts as breaking as well: its owner wants it there.
 */
export function linkChangesOf(
  core: LifecycleCore,
  version: GraphVersion,
  name: string,
  wasLive: boolean,
): readonly SchemaChange[] {
  const before = core.graph.current.links;
  const brokenBefore = new Set(before.filter(({ state }) => state !== 'ACTIVE').map(placeOf));
  const given = version.links.flatMap((entry): readonly SchemaChange[] => {
    const { link } = entry;
    if (entry.state !== 'BROKEN' || link.source !== name || link.origin !== 'REVISION') return [];
    if (brokenBefore.has(placeOf(entry)) || isActive(before, entry)) return [];
    const path = `${link.type}.${link.field}`;
    const message = `The link ${path} cannot enter the graph: ${told(entry.problems)}`;
    return [{ criticality: 'BREAKING', path, message }];
  });
  const changes = linkChanges(before, version.links, name);
  return [...given, ...(wasLive ? changes : changes.filter(({ criticality }) => criticality === 'BREAKING'))];
}

function isActive(before: readonly LinkInGraph[], entry: LinkInGraph): boolean {
  return before.some((one) => one.state === 'ACTIVE' && placeOf(one) === placeOf(entry));
}

function placeOf({ link: { source, type, field } }: LinkInGraph): string {
  return `${source}/${type}.${field}`;
}

/** What an owner should know of the links of and to a source, beside whether they fit. */
export function linkWarnings(version: GraphVersion, name: string): readonly Warning[] {
  return version.links.flatMap((entry): readonly Warning[] => {
    const { link } = entry;
    if (link.source !== name && link.target !== name) return [];
    const path = entry.state === 'ACTIVE' ? `${entry.checked.typeName}.${link.field}` : `${link.type}.${link.field}`;
    switch (entry.state) {
      case 'BROKEN':
        return [{ kind: 'LINK_BROKEN', path, message: `The link is left out of the graph: ${told(entry.problems)}` }];
      case 'WAITING':
        return [{ kind: 'LINK_WAITING', path, message: `The link is not in the graph yet: ${told(entry.problems)}` }];
      case 'ACTIVE': {
        const { checked } = entry;
        // An operation that selects merges calls that come together into one request by itself.
        if (checked.key !== undefined || checked.requires.length === 0 || checked.operation.selects === true) return [];
        const { target, operation } = link;
        const message = `Over a list of N objects this link is up to N calls of ${operation} of ${target}: declare a bulk form (batch) for one of its operations and link to that.`;
        return [{ kind: 'LINK_N_CALLS', path, message }];
      }
      default: {
        const never: never = entry;
        return never;
      }
    }
  });
}
