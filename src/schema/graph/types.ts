import type { FieldNode, GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Visibility } from '../../access/index.ts';
import type { Problem } from '../../errors/index.ts';
import type {
  Call,
  CheckedFetch,
  CheckedLink,
  LinkSpec,
  OperationDescription,
  SourceConnection,
  SourceDescription,
} from '../../sources/index.ts';
import type { SchemaChange } from './diff.ts';
import type { EntityGap } from './entity/index.ts';
import type { RequestContext } from './request-context.ts';

/** One source in the graph. */
export interface GraphMember {
  readonly name: string;
  readonly revision: number;
  readonly visibility: Visibility;
  readonly deprecation: { readonly reason: string; readonly sunsetAt: Date | undefined } | undefined;
  readonly description: SourceDescription;
  readonly connection: SourceConnection;
  /** Links that were given with its revision. */
  readonly links?: readonly LinkSpec[];
}

/** A link of a source, and where it comes from: added by itself, given with the revision, or in its document. */
export interface GraphLink extends LinkSpec {
  readonly id: string;
  /** The source whose type has the field. */
  readonly source: string;
  readonly origin: 'ADDED' | 'REVISION' | 'DOCUMENT';
}

/** What became of a link in one version. */
export type LinkInGraph =
  | { readonly link: GraphLink; readonly state: 'ACTIVE'; readonly checked: CheckedLink }
  /** Its source or its target is not in the graph. */
  | { readonly link: GraphLink; readonly state: 'WAITING'; readonly problems: readonly Problem[] }
  /** It does not fit its source or its target. */
  | { readonly link: GraphLink; readonly state: 'BROKEN'; readonly problems: readonly Problem[] };

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

/** One composed graph. Immutable, except that `number` is final only once it is the current one. */
export interface GraphVersion {
  readonly number: number;
  readonly composedAt: Date;
  readonly members: ReadonlyMap<string, GraphMember>;
  /** All links that were composed, also those that are not in the graph. */
  readonly links: readonly LinkInGraph[];
  /** Where the sources of an entity do not reach each other. */
  readonly gaps: readonly EntityGap[];
  /** Composed when first asked for, then kept. */
  view(request: ViewRequest): GraphView;
  /** The graph as an admin sees it, without the admin API. Without members it has no root type. */
  readonly schema: GraphQLSchema;
  /** `schema` as text; printed when first asked for. '' without members. */
  readonly sdl: string;
}

/** Holds a version open: its connections stay until every lease is released. */
export interface GraphLease {
  readonly version: GraphVersion;
  /** May be called more than once; only the first counts. */
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
   * `links` are those that were added by themselves; members bring their own. None of them keeps a graph from
   * composing.
   * The connections of a version that is never swapped in stay the business of whoever made them.
   */
  compose(members: readonly GraphMember[], links?: readonly GraphLink[]): Promise<GraphVersion>;
  /**
   * Makes a composed version the current one, in one assignment. Connections that no version in use
   * refers to any more are closed when the last lease on an old version ends.
   */
  swap(version: GraphVersion): void;
  /**
   * What changed between a version and the current one, in sum. Undefined when that version is
   * unknown, or so old that it is no longer kept (the last 50 are).
   */
  changesSince(version: number): Promise<readonly SchemaChange[] | undefined>;
  onSwap(listener: (version: GraphVersion) => void): () => void;
  /** Closes every connection, leased or not, and waits for it. Nothing can be swapped in afterwards. */
  close(): Promise<void>;
}

/** Makes the resolvers of the graph's own fields. Called when a source is composed, never per request. */
export interface ResolverFactory {
  /** Resolver of the field that answers one operation. It finds the connection in the request's pinned version. */
  operation(source: string, operation: OperationDescription): GraphQLFieldResolver<unknown, RequestContext>;
  /** Resolvers of the field that one operation of kind `subscription` stands behind. */
  subscription(source: string, operation: OperationDescription): SubscriptionResolvers;
  /** Resolver of a link's field. */
  link(link: CheckedLink): GraphQLFieldResolver<unknown, RequestContext>;
  /** What fetches an entity of a source by what is known of it. */
  entity(source: string, typeName: string, fetch: CheckedFetch): EntityLoader;
  /** Resolver of `Query.<namespace>` and `Mutation.<namespace>`: the parent of the operations' fields. */
  namespace(kind: 'query' | 'mutation'): GraphQLFieldResolver<unknown, RequestContext>;
}

/**
 * Fetches one entity; those asked for together go out together. `values` are those of the fetch's needs, in order.
 * Null when the source knows no such entity; rejects with the error that the client sees.
 */
export type EntityLoader = (
  values: readonly unknown[],
  request: EntityRequest,
  context: RequestContext,
) => Promise<unknown>;

export interface EntityRequest {
  /** The same for all objects of one place in an operation. */
  readonly place: EntityPlace;
  /** Where in the answer the object stands, the last step first. */
  readonly path: ResponsePath | undefined;
  readonly info: Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation' | 'variableValues'>;
}

export interface EntityPlace {
  /** What the client selected of it. */
  readonly nodes: readonly FieldNode[];
  /** Under which keys that stands in the answer. */
  readonly keys: readonly string[];
  /** Paths of fields that are taken from it beside these. */
  readonly extras: readonly (readonly string[])[];
}

/** A place in the answer, the last step first. */
export interface ResponsePath {
  readonly prev: ResponsePath | undefined;
  readonly key: string | number;
}

/** As GraphQL has them: `subscribe` when the subscription begins, `resolve` for each event of it. */
export interface SubscriptionResolvers {
  readonly subscribe: (
    parent: unknown,
    args: Record<string, unknown>,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ) => Stream;
  /** The parent is an event, ANSWER or ENDED. */
  readonly resolve: GraphQLFieldResolver<unknown, RequestContext>;
}

/** What a field subscribes to. It is not opened by asking for it. */
export interface Stream {
  readonly source: string;
  readonly operation: string;
  readonly call: Call;
  readonly connection: SourceConnection;
}

/** What a field of the graph says about itself in its `extensions.weir`. */
export interface FieldMark {
  readonly source: string;
  /** The operation it calls; undefined on a namespace field. */
  readonly operation: string | undefined;
}
