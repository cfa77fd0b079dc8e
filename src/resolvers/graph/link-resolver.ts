import type { GraphQLFieldResolver } from 'graphql';
import type { RequestContext, ResponsePath } from '../../schema/index.ts';
import { type Call, type CheckedLink, type Outcome, readPath, selectedValue, setPath } from '../../sources/index.ts';
import { callLoader } from './call-loader.ts';
import { pathSteps } from './call-operation.ts';
import { selectionOf } from './linked-selection.ts';

/**
 * Answers a link's field from what its parent has. The parent of a REST source is the whole decoded object, so what
 * the link needs is there whether the client selected it or not.
 * A parent without the value that is needed gives null, or an empty list, and no call.
 */
export function linkResolver(link: CheckedLink): GraphQLFieldResolver<unknown, RequestContext> {
  return (parent, args: Readonly<Record<string, unknown>>, context, info) => {
    const given = argumentsOf(link, parent, args);
    if (given === undefined) return null;
    const { key } = link;
    const selection = link.operation.selects === true ? { selection: selectionOf(info, link.target, link.select) } : {};
    if (key === undefined) return answer(link, { arguments: given, ...selection }, context, info.path);

    const value = readField(parent, key.field);
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value))
      return answer(link, { arguments: given, key: key.convert(value), ...selection }, context, info.path);
    return listed(
      link,
      value,
      (item) => ({ arguments: given, key: key.convert(item), ...selection }),
      context,
      info.path,
    );
  };
}

/** The items of a list of keys. One that fails does not take the others with it: the executor reports it at its place. */
function listed(
  link: CheckedLink,
  keys: readonly unknown[],
  callOf: (key: unknown) => Call,
  context: RequestContext,
  path: ResponsePath,
): Promise<readonly unknown[]> {
  // The field has one path, however many keys of it went out in one call.
  const told = new Set<object>();
  return Promise.all(
    keys.map(async (key) => {
      if (key === null || key === undefined) return null;
      try {
        return await answer(link, callOf(key), context, path, told);
      } catch (error: unknown) {
        return error instanceof Error ? error : new Error(String(error));
      }
    }),
  );
}

/** The arguments of the call; undefined when the parent has no value for one of them. */
function argumentsOf(
  link: CheckedLink,
  parent: unknown,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  let args: Record<string, unknown> = {};
  for (const slot of link.slots) {
    switch (slot.from) {
      case 'FIELD': {
        const value = readField(parent, slot.field);
        // An empty list would ask many an upstream for everything.
        if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
        args = setPath(args, slot.path, slot.convert(value));
        break;
      }
      case 'VALUE':
        args = setPath(args, slot.path, slot.value);
        break;
      case 'ARGUMENT':
        if (own[slot.argument] !== undefined) args = setPath(args, slot.path, own[slot.argument]);
        break;
      default: {
        const never: never = slot;
        return never;
      }
    }
  }
  return args;
}

async function answer(
  link: CheckedLink,
  call: Call,
  context: RequestContext,
  path: ResponsePath,
  told?: Set<object>,
): Promise<unknown> {
  const { target: source, operation, select } = link;
  const loader = callLoader(context, source, operation.name);
  const outcome = await loader.load(call, (one: Outcome) => one);
  const upstreamCall = outcome.batch ?? outcome;
  if (told?.has(upstreamCall) !== true) {
    told?.add(upstreamCall);
    const shared = loader.wasSeen(upstreamCall);
    const entry = { source, operation: operation.name, path: pathSteps(path), outcome };
    context.provenance.record(shared ? { ...entry, shared } : entry);
  }
  if (outcome.kind === 'FAILED') {
    throw outcome.failure.toClientError(source, outcome.attempts.length, outcome.retryAfterMs);
  }
  return selectedValue(outcome.value, select);
}

/** A part of the parent that did not fit its description is an error in its place: it becomes the link's. */
function readField(parent: unknown, path: readonly string[]): unknown {
  const value = readPath(parent, path);
  if (value instanceof Error) throw value;
  return value;
}
