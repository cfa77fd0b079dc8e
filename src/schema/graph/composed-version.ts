import { type GraphQLSchema, printSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AdminParts } from './admin-part.ts';
import { assemble } from './assemble.ts';
import type { GraphPart } from './graph-part.ts';
import type { GraphMember, GraphVersion, GraphView, ViewRequest } from './types.ts';

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
  readonly admin: AdminParts;
}

/** A graph that composed. */
export class ComposedVersion implements GraphVersion {
  readonly composedAt: Date;
  readonly members: ReadonlyMap<string, GraphMember>;
  readonly schema: GraphQLSchema;
  readonly #init: ComposedVersionInit;
  readonly #views = new LRUCache<string, GraphView>({ max: MAX_VIEWS });
  #number: number;
  #sdl: string | undefined;

  constructor(init: ComposedVersionInit) {
    this.#init = init;
    this.#number = init.number;
    this.composedAt = init.composedAt;
    this.members = init.members;
    this.schema = assemble([...init.parts.values()]);
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
    const parts: GraphPart[] = [admin ? this.#init.admin.whole : this.#init.admin.open];
    for (const [name, part] of this.#init.parts) if (sources.has(name)) parts.push(part);
    return { id: `${this.#init.compositionId}.${rights}`, schema: assemble(parts), sources };
  }
}
