import {
  type DirectiveNode,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { CollectedErrors } from './collected-errors.ts';
import { LazyPlan } from './plan.ts';
import { executeFields, executeFieldsSerially } from './run.ts';
import { subscribeToField } from './subscribe-to-field.ts';
import type { ErrorSink, OperationPlan, Run } from './types.ts';

/** An operation of a valid document, ready to run many times. */
export interface CompiledOperation {
  /** Same result as `execute` of graphql-js with the same, already coerced, variables and the same root value. */
  run(context: unknown, variables: Record<string, unknown>, root?: unknown): Promise<ExecutionResult>;
  /** What the `subscribe` of a subscription's one field gives. Throws a located GraphQLError. */
  subscribe(context: unknown, variables: Record<string, unknown>): unknown;
}

/** Plans kept per operation; each combination of `@skip` and `@include` conditions has its own. */
const MAX_PLANS = 8;

/**
 * Compiles an operation into plans: which fields, in which order, with which resolvers and completers, is worked out
 * once instead of for every object of every answer. No code is generated: `graphql-jit`, which does that, turns string
 * literals of a document into JavaScript in a way that lets a client run code of its own in the gateway
 * (0.8.9, a literal that begins with its marker for dates), and mixes up fields whose names join to the same word.
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledOperation {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const conditions = conditionVariables(document);
  const plans = new Map<string, OperationPlan>();

  const planFor = (variables: Record<string, unknown>): OperationPlan => {
    const key = conditions.map((name) => String(variables[name])).join();
    let plan = plans.get(key);
    if (plan === undefined) {
      if (plans.size >= MAX_PLANS) plans.clear();
      plan = new LazyPlan(schema, operation, fragments, variables);
      plans.set(key, plan);
    }
    return plan;
  };

  return {
    async run(context, variables, root) {
      const errors = new CollectedErrors();
      const plan = planFor(variables);
      try {
        const data = await runRoot(newRun(plan, context, variables, errors), root);
        return errors.all.length === 0 ? { data } : { errors: errors.all, data };
      } catch (error: unknown) {
        errors.add(located(error), undefined);
        return { errors: errors.all, data: null };
      }
    },

    subscribe(context, variables) {
      const plan = planFor(variables);
      return subscribeToField(newRun(plan, context, variables, new CollectedErrors()));
    },
  };
}

function newRun(plan: OperationPlan, context: unknown, variables: Record<string, unknown>, errors: ErrorSink): Run {
  const { schema, fragments, operation } = plan;
  return { plan, context, variables, errors, info: { schema, fragments, operation, variableValues: variables } };
}

/** Everything that comes up here was located on its way, unless something is wrong with the plan itself. */
function located(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('The operation could not be run.', {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
}

async function runRoot(run: Run, root: unknown): Promise<Record<string, unknown>> {
  const { plan } = run;
  const { operation, schema } = plan;
  const type = schema.getRootType(operation.operation);
  if (type == null) {
    throw new GraphQLError(`Schema is not configured to execute ${operation.operation} operation.`, {
      nodes: operation,
    });
  }
  const selection = plan.rootSelection(type);
  if (operation.operation === 'mutation') return executeFieldsSerially(run, selection);
  return (await executeFields(run, selection, root, undefined)) as Record<string, unknown>;
}

/** Variables that `@skip` and `@include` of the document read. */
function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node: DirectiveNode) {
      if (node.name.value !== 'skip' && node.name.value !== 'include') return;
      for (const argument of node.arguments ?? []) {
        if (argument.value.kind === Kind.VARIABLE) names.add(argument.value.name.value);
      }
    },
  });
  return [...names];
}
