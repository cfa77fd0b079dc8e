import type { GraphQLField } from 'graphql';
import { type Caller, isAdmin, mayUse } from '../../access/index.ts';
import { WeirError } from '../../errors/index.ts';
import { createRequestContext } from '../../execution/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { Graph, GraphMember, GraphVersion, ProvenanceEntry } from '../../schema/index.ts';
import type { CallContext, Outcome, ServedOutcome, SubscriptionEvent } from '../../sources/index.ts';
import { isMaxStale } from '../max-stale.ts';
import { RequestRefused } from '../way-in/refused.ts';
import type { WayIn } from '../way-in/way-in.ts';

/** A prompt that is in the graph. */
export interface Prompt {
  readonly member: GraphMember;
  /** The query that asks it: its arguments are the variables, its type is that of the answer. */
  readonly field: GraphQLField<unknown, unknown>;
  readonly streams: boolean;
}

/** A prompt that one request may call, on the graph version that the request is pinned to. */
export interface OpenPrompt extends Prompt {
  /** Throws the error that its client is told of. */
  ask(variables: Readonly<Record<string, unknown>>): Promise<ServedOutcome>;
  /** Throws NOT_FOUND for a prompt that cannot stream. */
  stream(variables: Readonly<Record<string, unknown>>): AsyncIterable<SubscriptionEvent>;
}

export interface PromptsOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  /** Milliseconds for one whole request. */
  readonly deadlineMs: number;
  readonly upstreamCallLimit: number;
  /** Told of each call, as of those that GraphQL makes. */
  readonly onCall: (entry: ProvenanceEntry) => void;
}

/** The prompts of the graph, for the ways in beside GraphQL. Who may not see one is told that it is not there. */
export interface Prompts {
  /** By name. */
  visibleTo(caller: Caller): readonly Prompt[];
  /** `headers`: what sources may be given of the request's own. Throws NOT_FOUND. */
  open(name: string, wayIn: WayIn, headers: Readonly<Record<string, string>>): OpenPrompt;
}

export function createPrompts(options: PromptsOptions): Prompts {
  const { graph, clock } = options;

  const contextOf = (version: GraphVersion, wayIn: WayIn, headers: Readonly<Record<string, string>>): CallContext =>
    createRequestContext({
      requestId: wayIn.id,
      caller: wayIn.caller,
      graph: version,
      headers,
      deadline: clock.now() + options.deadlineMs,
      signal: wayIn.signal,
      maxUpstreamCalls: options.upstreamCallLimit,
    }).call;

  return {
    visibleTo: (caller) => promptsOf(graph.current, caller),
    open(name, wayIn, headers) {
      if (!isMaxStale(headers['weir-max-stale'])) {
        throw new RequestRefused([{ path: 'weir-max-stale', message: 'Expected a number of seconds in the header.' }]);
      }
      wayIn.lease ??= graph.lease();
      const { version } = wayIn.lease;
      const member = version.members.get(name);
      const prompt = member === undefined ? undefined : promptOf(member, wayIn.caller);
      const operations = member?.description.prompt;
      if (prompt === undefined || operations === undefined) {
        throw new WeirError('NOT_FOUND', `There is no prompt ${JSON.stringify(name.slice(0, 100))}.`);
      }
      const { connection } = prompt.member;
      const context = contextOf(version, wayIn, headers);
      const tell = (operation: string, outcome: Outcome): void =>
        options.onCall({ source: name, operation, path: [name], outcome });
      return {
        ...prompt,
        async ask(variables) {
          const [outcome] = await connection.call(operations.ask, [{ arguments: variables }], context);
          if (outcome === undefined) throw new Error(`${name}.${operations.ask} must have one outcome for one call.`);
          tell(operations.ask, outcome);
          if (outcome.kind === 'FAILED') {
            throw outcome.failure.toClientError(name, outcome.attempts.length, outcome.retryAfterMs);
          }
          return outcome;
        },
        async *stream(variables) {
          const { stream } = operations;
          if (stream === undefined || connection.subscribe === undefined) {
            throw new WeirError('NOT_FOUND', `Prompt ${name} has no stream.`);
          }
          for await (const event of connection.subscribe(stream, { arguments: variables }, context)) {
            if (event.kind === 'ANSWER') tell(stream, event.outcome);
            yield event;
          }
        },
      };
    },
  };
}

function promptsOf(version: GraphVersion, caller: Caller): readonly Prompt[] {
  const prompts = [...version.members.values()].flatMap((member) => promptOf(member, caller) ?? []);
  return prompts.sort((a, b) => (a.member.name < b.member.name ? -1 : 1));
}

function promptOf(member: GraphMember, caller: Caller): Prompt | undefined {
  const { description, connection } = member;
  if (description.prompt === undefined) return undefined;
  if (!isAdmin(caller) && !mayUse(caller, member.visibility)) return undefined;
  const operation = description.operations.get(description.prompt.ask);
  const field = operation === undefined ? undefined : description.schema.getQueryType()?.getFields()[operation.field];
  if (field === undefined) throw new Error(`prompt ${member.name} must have a field for what it is asked by`);
  const streams = description.prompt.stream !== undefined && connection.subscribe !== undefined;
  return { member, field, streams };
}
