import type { GraphQLSchema } from 'graphql';
import type { Visibility } from '../../access/index.ts';
import type { SourceConnection, SourceDescription } from '../../sources/index.ts';

/** One source in the graph. */
export interface GraphMember {
  readonly name: string;
  readonly revision: number;
  readonly visibility: Visibility;
  readonly deprecation: { readonly reason: string; readonly sunsetAt: Date | undefined } | undefined;
  readonly description: SourceDescription;
  readonly connection: SourceConnection;
}

/** Which part of the graph a caller may see. */
export interface ViewRequest {
  readonly admin: boolean;
  readonly maySee: (member: GraphMember) => boolean;
}

/** The part of the graph that callers with the same rights see. Equal rights share one view. */
export interface GraphView {
  /** Same rights, same graph version: same id. Key of compiled documents. */
  readonly id: string;
  readonly schema: GraphQLSchema;
  readonly sources: ReadonlySet<string>;
}

/** One composed graph. Immutable. */
export interface GraphVersion {
  readonly number: number;
  readonly composedAt: Date;
  readonly members: ReadonlyMap<string, GraphMember>;
  /** Composed when first asked for, then kept. */
  view(request: ViewRequest): GraphView;
  /** The graph as an admin sees it, without the admin API. */
  readonly sdl: string;
}

/** Holds a version open: its connections stay until every lease is released. */
export interface GraphLease {
  readonly version: GraphVersion;
  release(): void;
}

/** The running graph: the last version that composed. */
export interface Graph {
  /** Pins the current version for one request. */
  lease(): GraphLease;
  readonly current: GraphVersion;
  /**
   * Composes and validates beside the running graph; nothing is swapped.
   * Throws WeirError COMPOSITION_FAILED listing every clash with both places.
   */
  compose(members: readonly GraphMember[]): Promise<GraphVersion>;
  /**
   * Makes a composed version the current one, in one assignment. Connections that no version in use
   * refers to any more are closed when the last lease on an old version ends.
   */
  swap(version: GraphVersion): void;
  onSwap(listener: (version: GraphVersion) => void): () => void;
  close(): Promise<void>;
}
