import { type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import { stepOf } from './fetched-fields.ts';
import { FetchedParts } from './fetched-parts.ts';
import { isPromise } from './is-promise.ts';
import type { FieldPlan, Path, Run, SelectionPlan } from './types.ts';

type Results = Record<string, unknown>;

/** All fields of an object at once (GraphQL specification, section 6.3). */
export function executeFields(run: Run, selection: SelectionPlan, source: unknown, path: Path | undefined): unknown {
  const results = emptyResults(selection);
  const fetched = selection.steps === undefined ? undefined : new FetchedParts(run, selection.steps, source, path);
  let pending: Pending;
  try {
    for (const plan of selection.fields) {
      // In its place among the others, whatever comes first.
      if (fetched !== undefined && stepOf(plan) !== undefined) results[plan.key] = undefined;
      else pending = put(results, plan.key, executeField(run, plan, source, path, fetched), pending);
    }
    if (fetched !== undefined) {
      for (const { step, fields } of selection.fetched) {
        pending = added(pending, executeFetched(run, fields, fetched.part(step), results, path));
      }
    }
  } catch (error: unknown) {
    if (pending === undefined) throw error;
    // The others go on by themselves; their errors must be handled, and the answer waits for them.
    return Promise.all(pending).finally(() => {
      throw error;
    });
  }
  return whenComplete(results, pending);
}

/** What is to come before results are complete, each resolving to them. Undefined: nothing, as for most objects. */
type Pending = PromiseLike<Results>[] | undefined;

/** A list of one takes room for one; a list that grows from nothing takes room for many. */
function added(pending: Pending, one: PromiseLike<Results>): PromiseLike<Results>[] {
  if (pending === undefined) return [one];
  pending.push(one);
  return pending;
}

function whenComplete(results: Results, pending: Pending): Results | PromiseLike<Results> {
  if (pending === undefined) return results;
  const [first] = pending;
  return pending.length === 1 && first !== undefined ? first : Promise.all(pending).then(() => results);
}

/** Fields that one part of the object has: once it is there, they are answered as if it were the object. */
function executeFetched(
  run: Run,
  fields: readonly FieldPlan[],
  part: Promise<unknown>,
  results: Results,
  path: Path | undefined,
): Promise<Results> {
  return part.then(
    (holder) => {
      let pending: Pending;
      for (const plan of fields) pending = put(results, plan.key, fieldOfHolder(run, plan, holder, path), pending);
      return whenComplete(results, pending);
    },
    (raw: unknown) => {
      for (const plan of fields) results[plan.key] = run.errors.handle(raw, plan, pathOf(plan, path), plan.nullable);
      return results;
    },
  );
}

/** Puts a value in its place, now or when it is there; what is pending then. */
function put(results: Results, key: string, value: unknown, pending: Pending): Pending {
  results[key] = value;
  if (!isPromise(value)) return pending;
  return added(
    pending,
    value.then((later) => {
      results[key] = later;
      return results;
    }),
  );
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
  if (plan.origin === undefined || fetched === undefined) return fieldOf(run, plan, source, parent);
  try {
    const holder = fetched.holderOf(plan.origin);
    if (!isPromise(holder)) return fieldOfHolder(run, plan, holder, parent);
    return holder.then(
      (value) => fieldOfHolder(run, plan, value, parent),
      (raw: unknown) => run.errors.handle(raw, plan, pathOf(plan, parent), plan.nullable),
    );
  } catch (raw: unknown) {
    return run.errors.handle(raw, plan, pathOf(plan, parent), plan.nullable);
  }
}

/** What was fetched for the object may be nothing, and then nobody is asked about it. */
function fieldOfHolder(run: Run, plan: FieldPlan, holder: unknown, parent: Path | undefined): unknown {
  if (holder !== null && holder !== undefined) return fieldOf(run, plan, holder, parent);
  const path = pathOf(plan, parent);
  try {
    return plan.complete(run, plan, null, path);
  } catch (raw: unknown) {
    return run.errors.handle(raw, plan, path, plan.nullable);
  }
}

function fieldOf(run: Run, plan: FieldPlan, source: unknown, parent: Path | undefined): unknown {
  const path = plan.leaf && plan.resolve === undefined ? undefined : pathOf(plan, parent);
  try {
    const result = resolve(run, plan, source, path, parent);
    if (isPromise(result)) return completedLater(run, plan, result, path ?? pathOf(plan, parent));
    const completed = plan.complete(run, plan, result, path);
    return isPromise(completed) ? withErrors(run, plan, completed, path ?? pathOf(plan, parent)) : completed;
  } catch (raw: unknown) {
    return run.errors.handle(raw, plan, path ?? pathOf(plan, parent), plan.nullable);
  }
}

// Apart from `fieldOf`: what a function's closures use is allocated whenever the function is called.

function completedLater(run: Run, plan: FieldPlan, result: PromiseLike<unknown>, path: Path): PromiseLike<unknown> {
  return withErrors(
    run,
    plan,
    result.then((resolved) => plan.complete(run, plan, resolved, path)),
    path,
  );
}

function withErrors(run: Run, plan: FieldPlan, completed: PromiseLike<unknown>, path: Path): PromiseLike<unknown> {
  return completed.then(undefined, (raw: unknown) => run.errors.handle(raw, plan, path, plan.nullable));
}

function resolve(
  run: Run,
  plan: FieldPlan,
  source: unknown,
  path: Path | undefined,
  parent: Path | undefined,
): unknown {
  if (plan.resolve !== undefined) {
    return plan.resolve(
      source,
      argumentsOf(run, plan),
      run.context,
      resolveInfo(run, plan, path ?? pathOf(plan, parent)),
    );
  }
  if ((typeof source !== 'object' && typeof source !== 'function') || source === null) return undefined;
  const holder = source as Readonly<Record<string, unknown>>;
  const property = holder[plan.property];
  if (typeof property !== 'function') return property;
  return property.call(
    source,
    argumentsOf(run, plan),
    run.context,
    resolveInfo(run, plan, path ?? pathOf(plan, parent)),
  );
}

function argumentsOf({ variables }: Run, { definition, first, plainArguments }: FieldPlan): Record<string, unknown> {
  if (plainArguments === undefined) return {};
  return plainArguments(variables) ?? getArgumentValues(definition, first, variables);
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
