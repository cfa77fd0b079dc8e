import { canonicalJson } from '../../cache/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import type { Call, Outcome, SourceConnection } from '../../sources/index.ts';

/** Gathers the calls of links and entities of one request: those asked for together go out together, equal ones once. */
export interface CallLoader {
  /** What `read` makes of the call's outcome; it is called for each call, also for equal ones. */
  load<T>(call: Call, read: (outcome: Outcome) => T | PromiseLike<T>): Promise<T>;
  /** False the first time it is shown a call: what outcomes that one call to the upstream served have in common. */
  wasSeen(upstreamCall: object): boolean;
}

/** They live as long as their request; a later request asks anew. */
const loaders = new WeakMap<RequestContext, GatheredCalls[]>();

/** The loader of one operation of one source. */
export function callLoader(context: RequestContext, source: string, operation: string): CallLoader {
  let ofRequest = loaders.get(context);
  if (ofRequest === undefined) {
    ofRequest = [];
    loaders.set(context, ofRequest);
  }
  // What was read before a mutation of this request is asked for anew after it.
  const since = context.call.notOlderThan?.[source];
  for (const loader of ofRequest) if (loader.isOf(source, operation, since)) return loader;
  const loader = new GatheredCalls(context, source, operation, since);
  ofRequest.push(loader);
  return loader;
}

/** Calls that go out together. Those who wait for them have one promise in common, not one for each call. */
interface Gathered {
  readonly calls: Call[];
  readonly outcomes: Promise<readonly Outcome[]>;
}

/** Where the outcome of a call will be. */
interface Place {
  readonly gathered: Gathered;
  readonly index: number;
}

/** Calls of one selection. A key that is all a call is given says which it is; of any other call a text does. */
interface Alike {
  readonly byKey: Map<string | number, Place>;
  readonly byText: Map<string, Place>;
}

class GatheredCalls implements CallLoader {
  readonly #context: RequestContext;
  readonly #source: string;
  readonly #operation: string;
  readonly #since: number | undefined;
  readonly #connection: SourceConnection;
  /** By their selections: two are the same only if they are of the same field of a document. */
  readonly #known = new Map<unknown, Alike>();
  readonly #seen = new Set<object>();
  /** Undefined while nothing is asked for. */
  #gathering: Gathered | undefined;

  constructor(context: RequestContext, source: string, operation: string, since: number | undefined) {
    const member = context.graph.members.get(source);
    if (member === undefined) {
      throw new Error(`Graph version ${context.graph.number} must have source ${source}, which a link leads to.`);
    }
    this.#context = context;
    this.#source = source;
    this.#operation = operation;
    this.#since = since;
    this.#connection = member.connection;
  }

  isOf(source: string, operation: string, since: number | undefined): boolean {
    return this.#source === source && this.#operation === operation && this.#since === since;
  }

  load<T>(call: Call, read: (outcome: Outcome) => T | PromiseLike<T>): Promise<T> {
    const nodes = call.selection?.fieldNodes;
    let alike = this.#known.get(nodes);
    if (alike === undefined) {
      alike = { byKey: new Map(), byText: new Map() };
      this.#known.set(nodes, alike);
    }
    const { key } = call;
    if ((typeof key === 'string' || typeof key === 'number') && isEmpty(call.arguments)) {
      return this.#once(alike.byKey, key, call, read);
    }
    // Each is JSON, so where the first ends is beyond doubt.
    return this.#once(alike.byText, canonicalJson(key) + canonicalJson(call.arguments), call, read);
  }

  #once<Mark, T>(
    known: Map<Mark, Place>,
    mark: Mark,
    call: Call,
    read: (outcome: Outcome) => T | PromiseLike<T>,
  ): Promise<T> {
    const asked = known.get(mark);
    if (asked !== undefined) {
      const { gathered, index } = asked;
      // A turn later than the first: else errors of equal calls would come before those of calls between them.
      const later = gathered.outcomes.then((outcomes) => outcomes);
      return later.then((outcomes) => read(this.#outcomeOf(outcomes, index)));
    }
    this.#gathering ??= this.#gather();
    const gathered = this.#gathering;
    const index = gathered.calls.push(call) - 1;
    known.set(mark, { gathered, index });
    return gathered.outcomes.then((outcomes) => read(this.#outcomeOf(outcomes, index)));
  }

  wasSeen(upstreamCall: object): boolean {
    if (this.#seen.has(upstreamCall)) return true;
    this.#seen.add(upstreamCall);
    return false;
  }

  /** They leave after the promises that are due now: what is asked for in one list is all there by then. */
  #gather(): Gathered {
    const calls: Call[] = [];
    const outcomes = new Promise<readonly Outcome[]>((resolve, reject) => {
      queueMicrotask(() => process.nextTick(() => this.#send(calls).then(resolve, reject)));
    });
    return { calls, outcomes };
  }

  async #send(calls: readonly Call[]): Promise<readonly Outcome[]> {
    this.#gathering = undefined;
    return this.#connection.call(this.#operation, calls, this.#context.call);
  }

  #outcomeOf(outcomes: readonly Outcome[], index: number): Outcome {
    const outcome = outcomes[index];
    if (outcome !== undefined) return outcome;
    throw new Error(
      `${this.#source}.${this.#operation} must have an outcome for each call; it had ${outcomes.length}.`,
    );
  }
}

function isEmpty(args: Call['arguments']): boolean {
  for (const _ in args) return false;
  return true;
}
