import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { isPromise } from './is-promise.ts';
import { executeFields, resolveInfo } from './run.ts';
import type { Completer, FieldPlan, Path, Run, SelectionPlan } from './types.ts';

/** The messages are those of graphql-js, which is what clients and their tests know. */
export function completerFor(type: GraphQLOutputType): Completer {
  if (isNonNullType(type)) return nonNull(completerFor(type.ofType));
  const complete = completerOfPresent(type);
  return (run, plan, value, path) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? null : complete(run, plan, value, path);
  };
}

function completerOfPresent(type: GraphQLOutputType): Completer {
  if (isListType(type)) return list(type.ofType);
  if (isLeafType(type)) return leaf(type);
  if (isObjectType(type)) return object(type);
  if (isAbstractType(type)) return abstract(type);
  throw new Error(`A field must have an output type; it has ${String(type)}.`);
}

function nonNull(inner: Completer): Completer {
  return (run, plan, value, path) => {
    const completed = inner(run, plan, value, path);
    if (completed === null) {
      throw new Error(`Cannot return null for non-nullable field ${plan.parentType.name}.${plan.definition.name}.`);
    }
    return completed;
  };
}

function leaf(type: GraphQLLeafType): Completer {
  return (_run, _plan, value) => {
    const serialized = type.serialize(value);
    if (serialized === null || serialized === undefined) {
      throw new Error(
        `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to ` +
          `return non-nullable value, returned: ${inspect(serialized)}`,
      );
    }
    return serialized;
  };
}

function list(itemType: GraphQLOutputType): Completer {
  const complete = completerFor(itemType);
  const nullable = !isNonNullType(itemType);
  return (run, plan, value, path) => {
    if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${plan.parentType.name}.${plan.definition.name}".`,
      );
    }
    const items: unknown[] = [];
    let containsPromise = false;
    let index = 0;
    for (const item of value as Iterable<unknown>) {
      const itemPath: Path = { prev: path, key: index++, typename: undefined };
      try {
        const completed = isPromise(item)
          ? item.then((resolved) => complete(run, plan, resolved, itemPath))
          : complete(run, plan, item, itemPath);
        if (isPromise(completed)) {
          containsPromise = true;
          items.push(completed.then(undefined, (raw: unknown) => run.errors.handle(raw, plan, itemPath, nullable)));
        } else {
          items.push(completed);
        }
      } catch (raw: unknown) {
        if (nullable || !containsPromise) {
          items.push(run.errors.handle(raw, plan, itemPath, nullable));
          continue;
        }
        // This item ends the list; those under way must not become rejections that nobody handles.
        return Promise.allSettled(items).then(() => run.errors.handle(raw, plan, itemPath, nullable));
      }
    }
    return containsPromise ? Promise.all(items) : items;
  };
}

function object(type: GraphQLObjectType): Completer {
  // The plan of the last operation this completer worked for: a completer belongs to one field of one plan.
  let known: { readonly plan: FieldPlan; readonly selection: SelectionPlan } | undefined;
  return (run, plan, value, path) => {
    if (known?.plan !== plan) known = { plan, selection: run.plan.subselection(type, plan.nodes, plan.producer) };
    return ofType(run, plan, type, known.selection, value, path);
  };
}

function ofType(
  run: Run,
  plan: FieldPlan,
  type: GraphQLObjectType,
  selection: SelectionPlan,
  value: unknown,
  path: Path | undefined,
): unknown {
  if (type.isTypeOf == null) return executeFields(run, selection, value, path);
  const finish = (isOfType: boolean): unknown => {
    if (isOfType) return executeFields(run, selection, value, path);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes: plan.nodes });
  };
  const answer = type.isTypeOf(value, run.context, resolveInfo(run, plan, fieldPath(path)));
  return isPromise(answer) ? answer.then((resolved) => finish(Boolean(resolved))) : finish(answer);
}

function abstract(type: GraphQLAbstractType): Completer {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  return (run, plan, value, path) => {
    const finish = (name: unknown): unknown => {
      const runtimeType = possibleType(run, plan, type, name, value);
      return ofType(run, plan, runtimeType, run.plan.subselection(runtimeType, plan.nodes, plan.producer), value, path);
    };
    const name: unknown = resolveType(value, run.context, resolveInfo(run, plan, fieldPath(path)), type);
    return isPromise(name) ? name.then(finish) : finish(name);
  };
}

function possibleType(
  run: Run,
  plan: FieldPlan,
  type: GraphQLAbstractType,
  name: unknown,
  value: unknown,
): GraphQLObjectType {
  const { nodes } = plan;
  const field = `${plan.parentType.name}.${plan.definition.name}`;
  if (name === null || name === undefined) {
    throw new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${field}". Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${field}" with ` +
        `value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const { schema } = run.plan;
  const runtimeType = schema.getType(name);
  if (runtimeType === undefined) {
    throw new GraphQLError(
      `Abstract type "${type.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  }
  if (!isObjectType(runtimeType)) {
    throw new GraphQLError(`Abstract type "${type.name}" was resolved to a non-object type "${name}".`, { nodes });
  }
  if (!schema.isSubType(type, runtimeType)) {
    throw new GraphQLError(`Runtime Object type "${name}" is not a possible type for "${type.name}".`, { nodes });
  }
  return runtimeType;
}

/** The field's own path: that of a list item, without the items' numbers. */
function fieldPath(path: Path | undefined): Path {
  let step = path;
  while (step !== undefined && typeof step.key === 'number') step = step.prev;
  if (step === undefined) throw new Error('An object of the answer must have a path.');
  return step;
}
