import { LRUCache } from 'lru-cache';
import { InvalidDefinition } from '../../../errors/index.ts';
import type { RevisionRecord, SourceRecord } from '../../../registry/index.ts';
import type { SourceDescription, SourceKind, SourceKindName } from '../../../sources/index.ts';

/** A description of a large document holds some MB; those of live revisions are held by the graph anyway. */
const KEPT = 32;

type Described = Pick<SourceRecord, 'name' | 'kind'>;

/** Descriptions of stored revisions. Describing a large definition is costly, so the last ones are kept. */
export class Descriptions {
  readonly #kinds: ReadonlyMap<SourceKindName, SourceKind>;
  readonly #kept = new LRUCache<string, Promise<SourceDescription>>({ max: KEPT });

  constructor(kinds: ReadonlyMap<SourceKindName, SourceKind>) {
    this.#kinds = kinds;
  }

  /** Throws INVALID_DEFINITION when this Weir has no such kind. */
  kind(name: SourceKindName): SourceKind {
    const kind = this.#kinds.get(name);
    if (kind !== undefined) return kind;
    const known = [...this.#kinds.keys()].join(', ');
    throw new InvalidDefinition([{ path: 'input', message: `Expected a source of kind ${known}; got ${name}.` }]);
  }

  of(source: Described, revision: RevisionRecord): Promise<SourceDescription> {
    // A name may be deleted and registered again while this is asked: the time tells the two apart.
    const key = `${source.name}:${revision.number}:${revision.createdAt.getTime()}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const described = this.#describe(source, revision);
    this.#kept.set(key, described);
    described.catch(() => this.#kept.delete(key));
    return described;
  }

  forget(name: string): void {
    for (const key of [...this.#kept.keys()]) if (key.startsWith(`${name}:`)) this.#kept.delete(key);
  }

  async #describe(source: Described, revision: RevisionRecord): Promise<SourceDescription> {
    return this.kind(source.kind).describe(revision.definition, source.name);
  }
}
