import { type GraphQLSchema, printSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Steps } from '../../runtime/index.ts';
import type { AdminParts } from './admin-part.ts';
import { assemble } from './assemble.ts';
import type { EntityGap } from './entity/index.ts';
import type { GraphPart } from './graph-part.ts';
import { linkedParts } from './linked-parts.ts';
import type { GraphMember, GraphVersion, GraphView, LinkInGraph, ResolverFactory, ViewRequest } from './types.ts';

/** With grants there may be as many views as sets of rights; one that falls out is composed again, same id. */
const MAX_VIEWS = 256;

interface ComposedVersionInit {
  /** Different for every composition of this process, also of those that are never swapped in. */
  readonly compositionId: number;
  readonly number: number;
  readonly composedAt: Date;
  /** In the order of their names. */
  readonly members: ReadonlyMap<string, GraphMember>;
  readonly parts: ReadonlyMap<string, GraphPart>;
  readonly links: readonly LinkInGraph[];
  readonly gaps: readonly EntityGap[];
  /** Names of the types to which several sources contribute. */
  readonly entities: ReadonlySet<string>;
  readonly admin: AdminParts;
  readonly resolvers: ResolverFactory;
}

/** A graph that composed. */
export class ComposedVersion implements GraphVersion {
  readonly composedAt: Date;
  readonly members: ReadonlyMap<string, GraphMember>;
  readonly links: readonly LinkInGraph[];
  readonly gaps: readonly EntityGap[];
  readonly #init: ComposedVersionInit;
  readonly #views = new LRUCache<string, GraphView>({ max: MAX_VIEWS });
  #number: number;
  #schema: GraphQLSchema | undefined;
  #sdl: string | undefined;

  constructor(init: ComposedVersionInit) {
    this.#init = init;
    this.#number = init.number;
    this.composedAt = init.composedAt;
    this.members = init.members;
    this.links = init.links;
    this.gaps = init.gaps;
  }

  get schema(): GraphQLSchema {
    this.#schema ??= assemble(this.#partsOf(new Set(this.members.keys())));
    return this.#schema;
  }

  /** Makes ahead, one by one, what nearly every version is asked for: its schema, the admin's view, and everybody's. */
  *assemble(): Steps<void> {
    void this.schema;
    yield;
    this.view({ admin: true, maySee: () => true });
    yield;
    this.view({ admin: false, maySee: ({ visibility }) => visibility === 'PUBLIC' });
    yield;
  }

  get number(): number {
    return this.#number;
  }

  /** Called by the swap alone: others may have been swapped in since this one was composed. */
  becomeCurrent(number: number): void {
    this.#number = number;
  }

  get sdl(): string {
    this.#sdl ??= printSchema(this.schema);
    return this.#sdl;
  }

  view(request: ViewRequest): GraphView {
    const sources = new Set<string>();
    let rights = request.admin ? 'a' : 'c';
    for (const member of this.members.values()) {
      const sees = request.maySee(member);
      rights += sees ? '1' : '0';
      if (sees) sources.add(member.name);
    }
    const known = this.#views.get(rights);
    if (known !== undefined) return known;
    const view = this.#composeView(rights, request.admin, sources);
    this.#views.set(rights, view);
    return view;
  }

  #composeView(rights: string, admin: boolean, sources: ReadonlySet<string>): GraphView {
    const parts = [admin ? this.#init.admin.whole : this.#init.admin.open, ...this.#partsOf(sources)];
    return { id: `${this.#init.compositionId}.${rights}`, schema: assemble(parts), sources };
  }

  /** What these sources add to the graph, with the links between them: a link whose target is not seen is not there. */
  #partsOf(sources: ReadonlySet<string>): readonly GraphPart[] {
    const { members, resolvers } = this.#init;
    const parts = new Map([...this.#init.parts].filter(([name]) => sources.has(name)));
    const links = this.links.flatMap((entry) => {
      const { source, target } = entry.link;
      if (entry.state !== 'ACTIVE' || !sources.has(source) || !sources.has(target)) return [];
      return [{ source, checked: entry.checked }];
    });
    return linkedParts(parts, links, members, resolvers, this.#init);
  }
}
