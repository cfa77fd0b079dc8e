import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';

import type { EntityPlace, EntityRequest, EntityStep, FieldOrigin } from '../../schema/index.ts';

import type { PlainArguments } from './plain-arguments.ts';

/** Where a value stands in the answer, the last step first. Compared by identity. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/**
 * Makes of what a resolver gave what the answer holds (GraphQL specification, section 6.4.3 CompleteValue).
 * Throws what goes wrong; whoever asked says where. `path` is undefined for leaves alone.
 */
export type Completer = (run: Run, plan: FieldPlan, value: unknown, path: Path | undefined) => unknown;

/** One field of the answer: all that is the same whenever it is executed. */
export interface FieldPlan {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly first: FieldNode;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** Undefined: the property of the source. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  /** Where the value stands in the source when nothing resolves it: the field's name, or its key in the answer. */
  readonly property: string;
  /** Undefined when nobody would look at the arguments. */
  readonly plainArguments: PlainArguments | undefined;
  /** `__typename`: the value, known beforehand. */
  readonly constant: string | undefined;
  readonly nullable: boolean;
  /** A leaf needs no path of its own unless it fails. */
  readonly leaf: boolean;
  /** The source that its objects come from; undefined in a graph where no type is of several sources. */
  readonly producer: string | undefined;
  /** Set where the value does not come from the object itself: it is of another source. */
  readonly origin: FetchedOrigin | undefined;
  readonly complete: Completer;
}

export type FetchedOrigin = Exclude<FieldOrigin, { kind: 'UNREACHABLE' }>;

/** What is fetched for an object of an entity from another source. */
export interface PlannedStep {
  readonly step: EntityStep;
  readonly place: EntityPlace;
}

/** Fields whose values are all in what one step fetches. */
export interface FetchedFields {
  readonly step: number;
  readonly fields: readonly FieldPlan[];
}

export interface SelectionPlan {
  /** In the order of the answer. */
  readonly fields: readonly FieldPlan[];
  /** Those of them that wait for nothing but one step, by that. */
  readonly fetched: readonly FetchedFields[];
  /** Undefined for nearly all: everything is in the object itself. */
  readonly steps: readonly PlannedStep[] | undefined;
  /** An alias `__proto__` would not become a property of an ordinary object. */
  readonly plainObject: boolean;
}

/** The plan of one operation for one set of conditions (variables of `@skip` and `@include`). */
export interface OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  rootSelection(type: GraphQLObjectType): SelectionPlan;
  /** What is selected of an object of `type`, from `producer`, that is the value of the field with these nodes. */
  subselection(type: GraphQLObjectType, nodes: readonly FieldNode[], producer: string | undefined): SelectionPlan;
}

/** What belongs to one run of an operation. */
export interface Run {
  readonly plan: OperationPlan;
  readonly context: unknown;
  /** Coerced. */
  readonly variables: Record<string, unknown>;
  readonly errors: ErrorSink;
  /** What all fetches of the run are told of it. */
  readonly info: EntityRequest['info'];
}

export interface ErrorSink {
  /**
   * A field or list item did not come about. Where null is allowed the error is noted and null is its value;
   * elsewhere the error goes on to what is around it (GraphQL specification, section 6.4.4).
   */
  handle(raw: unknown, plan: FieldPlan, path: Path, nullable: boolean): null;
  /** Undefined is the place of the whole answer. What lies inside something already null is not told again. */
  add(error: GraphQLError, path: Path | undefined): void;
}
