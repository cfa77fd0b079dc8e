import DataLoader from 'dataloader';
import { canonicalJson } from '../../cache/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import type { Call, Outcome } from '../../sources/index.ts';

/** Gathers the calls of links of one request: those asked for together go out together, equal ones once. */
export interface CallLoader {
  load(call: Call): Promise<Outcome>;
  /** False the first time it is shown a call: what outcomes that one call to the upstream served have in common. */
  wasSeen(upstreamCall: object): boolean;
}

/** They live as long as their request; a later request asks anew. */
const loaders = new WeakMap<RequestContext, Map<string, CallLoader>>();

/** The loader of one operation of one source. */
export function callLoader(context: RequestContext, source: string, operation: string): CallLoader {
  let ofRequest = loaders.get(context);
  if (ofRequest === undefined) {
    ofRequest = new Map();
    loaders.set(context, ofRequest);
  }
  // What was read before a mutation of this request is asked for anew after it.
  const name = `${source}\n${operation}\n${context.call.notOlderThan?.[source] ?? ''}`;
  let loader = ofRequest.get(name);
  if (loader === undefined) {
    loader = makeLoader(context, source, operation);
    ofRequest.set(name, loader);
  }
  return loader;
}

/** Two selections are the same only if they are of the same field of a document. */
const numbers = new WeakMap<object, number>();
let count = 0;

function numberOf(nodes: object | undefined): number {
  if (nodes === undefined) return 0;
  let number = numbers.get(nodes);
  if (number === undefined) {
    number = ++count;
    numbers.set(nodes, number);
  }
  return number;
}

function makeLoader(context: RequestContext, source: string, operation: string): CallLoader {
  const member = context.graph.members.get(source);
  if (member === undefined) {
    throw new Error(`Graph version ${context.graph.number} must have source ${source}, which a link leads to.`);
  }
  const gathered = new DataLoader<Call, Outcome, string>(
    (calls) => member.connection.call(operation, calls, context.call),
    {
      cacheKeyFn: ({ arguments: args, key, selection }) =>
        `${canonicalJson([args, key])} ${numberOf(selection?.fieldNodes)}`,
    },
  );
  const seen = new Set<object>();
  return {
    load: (call) => gathered.load(call),
    wasSeen(upstreamCall) {
      const known = seen.has(upstreamCall);
      seen.add(upstreamCall);
      return known;
    },
  };
}
