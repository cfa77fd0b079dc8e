import { type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import { FetchedParts } from './fetched-parts.ts';
import { isPromise } from './is-promise.ts';
import type { FieldPlan, Path, Run, SelectionPlan } from './types.ts';

type Results = Record<string, unknown>;

/** All fields of an object at once (GraphQL specification, section 6.3). */
export function executeFields(run: Run, selection: SelectionPlan, source: unknown, path: Path | undefined): unknown {
  const results = emptyResults(selection);
  const fetched = selection.steps === undefined ? undefined : new FetchedParts(run, selection.steps, source, path);
  let containsPromise = false;
  try {
    for (const plan of selection.fields) {
      const value = executeField(run, plan, source, path, fetched);
      results[plan.key] = value;
      if (isPromise(value)) containsPromise = true;
    }
  } catch (error: unknown) {
    if (!containsPromise) throw error;
    // The others go on by themselves; their errors must be handled, and the answer waits for them.
    return settled(results).finally(() => {
      throw error;
    });
  }
  return containsPromise ? settled(results) : results;
}

/** The fields of the root of a mutation: each begins when the one before has ended. */
export async function executeFieldsSerially(run: Run, selection: SelectionPlan): Promise<Results> {
  const results = emptyResults(selection);
  for (const plan of selection.fields) results[plan.key] = await executeField(run, plan, undefined, undefined);
  return results;
}

function executeField(
  run: Run,
  plan: FieldPlan,
  source: unknown,
  parent: Path | undefined,
  fetched?: FetchedParts,
): unknown {
  if (plan.constant !== undefined) return plan.constant;
  const path = plan.leaf && plan.resolve === undefined ? undefined : pathOf(plan, parent);
  try {
    const result =
      plan.origin === undefined || fetched === undefined
        ? resolve(run, plan, source, path, parent)
        : resolveFetched(run, plan, fetched.holderOf(plan.origin), path, parent);
    const completed = isPromise(result)
      ? result.then((resolved) => plan.complete(run, plan, resolved, path))
      : plan.complete(run, plan, result, path);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (raw: unknown) =>
      run.errors.handle(raw, plan, path ?? pathOf(plan, parent), plan.nullable),
    );
  } catch (raw: unknown) {
    return run.errors.handle(raw, plan, path ?? pathOf(plan, parent), plan.nullable);
  }
}

/** The same for a field that another object than the one around it has. */
function resolveFetched(
  run: Run,
  plan: FieldPlan,
  holder: unknown,
  path: Path | undefined,
  parent: Path | undefined,
): unknown {
  if (isPromise(holder)) return holder.then((value) => resolveFetched(run, plan, value, path, parent));
  return holder === null || holder === undefined ? null : resolve(run, plan, holder, path, parent);
}

function resolve(
  run: Run,
  plan: FieldPlan,
  source: unknown,
  path: Path | undefined,
  parent: Path | undefined,
): unknown {
  const { definition } = plan;
  const args = plan.takesArguments ? getArgumentValues(definition, plan.first, run.variables) : {};
  if (plan.resolve !== undefined) {
    return plan.resolve(source, args, run.context, resolveInfo(run, plan, path ?? pathOf(plan, parent)));
  }
  if ((typeof source !== 'object' && typeof source !== 'function') || source === null) return undefined;
  const holder = source as Readonly<Record<string, unknown>>;
  const property = holder[plan.property];
  if (typeof property !== 'function') return property;
  return property.call(source, args, run.context, resolveInfo(run, plan, path ?? pathOf(plan, parent)));
}

export function resolveInfo(run: Run, plan: FieldPlan, path: Path): GraphQLResolveInfo {
  const { schema, fragments, operation } = run.plan;
  return {
    fieldName: plan.definition.name,
    fieldNodes: plan.nodes,
    returnType: plan.definition.type,
    parentType: plan.parentType,
    path,
    schema,
    fragments: fragments,
    rootValue: undefined,
    operation,
    variableValues: run.variables,
  };
}

function pathOf(plan: FieldPlan, parent: Path | undefined): Path {
  return { prev: parent, key: plan.key, typename: plan.parentType.name };
}

function emptyResults(selection: SelectionPlan): Results {
  return selection.plainObject ? {} : Object.create(null);
}

async function settled(results: Results): Promise<Results> {
  const keys = Object.keys(results);
  const values = await Promise.all(Object.values(results));
  for (const [i, key] of keys.entries()) results[key] = values[i];
  return results;
}
