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
  const pending: PromiseLike<Results>[] = [];
  try {
    for (const plan of selection.fields) {
      // In its place among the others, whatever comes first.
      if (fetched !== undefined && stepOf(plan) !== undefined) results[plan.key] = undefined;
      else put(results, plan.key, executeField(run, plan, source, path, fetched), pending);
    }
    if (fetched !== undefined) {
      for (const { step, fields } of selection.fetched) {
        pending.push(executeFetched(run, fields, fetched.part(step), results, path));
      }
    }
  } catch (error: unknown) {
    if (pending.length === 0) throw error;
    // The others go on by themselves; their errors must be handled, and the answer waits for them.
    return Promise.all(pending).finally(() => {
      throw error;
    });
  }
  return whenComplete(results, pending);
}

/** Results, each field of which that came later resolves to them as well. */
function whenComplete(results: Results, pending: readonly PromiseLike<Results>[]): Results | PromiseLike<Results> {
  const [first] = pending;
  if (first === undefined) return results;
  return pending.length === 1 ? first : Promise.all(pending).then(() => results);
}

/** Fields that one part of the object has: once it is there, they are answered as if it were the object. */
function executeFetched(
  run: Run,
  fields: readonly FieldPlan[],
  part: Promise<unknown>,
  results: Results,
  path: Path | undefined,
): Promise<Results> {
  const answer = (of: (plan: FieldPlan) => unknown): Results | PromiseLike<Results> => {
    const pending: PromiseLike<Results>[] = [];
    for (const plan of fields) put(results, plan.key, of(plan), pending);
    return whenComplete(results, pending);
  };
  return part.then(
    (holder) => answer((plan) => fieldOfHolder(run, plan, holder, path)),
    (raw: unknown) => answer((plan) => run.errors.handle(raw, plan, pathOf(plan, path), plan.nullable)),
  );
}

/** Puts a value in its place, now or when it is there. */
function put(results: Results, key: string, value: unknown, pending: PromiseLike<Results>[]): void {
  results[key] = value;
  if (!isPromise(value)) return;
  pending.push(
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

function resolve(
  run: Run,
  plan: FieldPlan,
  source: unknown,
  path: Path | undefined,
  parent: Path | undefined,
): unknown {
  const { definition } = plan;
  const args =
    plan.plainArguments === undefined
      ? {}
      : (plan.plainArguments(run.variables) ?? getArgumentValues(definition, plan.first, run.variables));
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
