import type { GraphQLOutputType } from 'graphql';
import type { OperationDescription, SourceDescription } from '../../source.ts';

/** A root field of the upstream. */
export interface GraphQLOperation extends OperationDescription {
  /** Its arguments, each with the type as the upstream names it, such as `[ItemFilter!]!`. */
  readonly upstreamArguments: readonly { readonly name: string; readonly type: string }[];
  /** The type of its answers in the graph. */
  readonly answerType: GraphQLOutputType;
}

export interface GraphQLDescription extends SourceDescription {
  readonly operations: ReadonlyMap<string, GraphQLOperation>;
  /** The name that a type of the graph has in the upstream. Types that are not in it have the same name in both. */
  readonly upstreamNames: ReadonlyMap<string, string>;
}

/** What `describe` of this kind makes. */
export function isGraphQLDescription(description: SourceDescription): description is GraphQLDescription {
  return 'upstreamNames' in description;
}
