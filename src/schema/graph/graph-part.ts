import type { GraphQLFieldConfig, GraphQLNamedType } from 'graphql';
import type { RequestContext } from './request-context.ts';

export type GraphFieldConfig = GraphQLFieldConfig<unknown, RequestContext>;

/** What one source, or the admin API, adds to the graph. */
export interface GraphPart {
  /** Where it comes from, as problems name it: `source petstore`, `the admin API`. */
  readonly place: string;
  /** Fields of the root types. */
  readonly query: Readonly<Record<string, GraphFieldConfig>>;
  readonly mutation: Readonly<Record<string, GraphFieldConfig>>;
  readonly subscription: Readonly<Record<string, GraphFieldConfig>>;
  /**
   * Every type it refers to, built-in scalars too; root types of its own and introspection types aside.
   * A type that another part refers to by a link is that part's.
   */
  readonly types: readonly GraphQLNamedType[];
  /** Names of the types that it shares with other parts. */
  readonly entities: ReadonlySet<string>;
}
