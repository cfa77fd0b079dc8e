import type { Secret } from '../../runtime/index.ts';
import type { EntityRelations, EntitySpec } from '../entity/index.ts';
import type { EndpointInput, UpstreamAuth } from '../rest/index.ts';
import type { Warning } from '../source.ts';

/** Registration input of a GraphQL source, as `GraphQLSourceInput` of the admin API gives it. */
export interface GraphQLInput {
  /** Where the service answers: introspected when it is registered, and called unless there are endpoints. */
  readonly url?: string;
  /** The schema as text. With it introspection only confirms, and may be refused. */
  readonly sdl?: string;
  readonly endpoints?: readonly EndpointInput[];
  readonly namespace?: string;
  /** What names of its types begin with. Default: the namespace in PascalCase, and nothing without one. */
  readonly typePrefix?: string;
  readonly auth?: UpstreamAuth;
  readonly headers?: readonly { readonly name: string; readonly value: string | Secret }[];
  /** Names of client request headers to pass on. */
  readonly forwardHeaders?: readonly string[];
  /** How its subscriptions are spoken to. */
  readonly subscriptions?: SubscriptionsInput;
  /** Queries go by their hash (Automatic Persisted Queries). Default: false. */
  readonly persistedQueries?: boolean;
  /** Seconds between looks at the schema that the service tells. Default: it is not looked at. */
  readonly pollSeconds?: number;
  /** A changed schema is published by itself, as long as nothing of it could hurt a client. Default: false. */
  readonly publishSafeChanges?: boolean;
  /** Types that it shares with other sources. */
  readonly entities?: readonly EntitySpec[];
}

export interface SubscriptionsInput {
  /** `WS` is graphql-transport-ws over a WebSocket, `SSE` is GraphQL over Server-Sent Events. Default: `WS`. */
  readonly transport?: 'WS' | 'SSE';
  /** Where, if not at the endpoints themselves: a URL, or one relative to each endpoint, such as `/subscriptions`. */
  readonly url?: string;
  /** What goes along in `connection_init` of a WebSocket: `HEADERS` copies the headers there. Default: `NONE`. */
  readonly initPayload?: 'NONE' | 'HEADERS';
}

/** What `read` makes of it: complete, plain JSON but for Secrets. */
export interface GraphQLDefinition {
  /** The whole schema of the upstream, in its own names. */
  readonly sdl: string;
  /** The owner gave it: the service may have more than that. */
  readonly isPart?: true;
  readonly url: string | undefined;
  /** Warnings of reading; those of mapping come from `describe`. */
  readonly readWarnings: readonly Warning[];
  readonly endpoints: readonly { readonly url: string; readonly priority: number; readonly weight: number }[];
  readonly namespace: string;
  readonly typePrefix?: string;
  readonly auth: UpstreamAuth | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string | Secret }[];
  readonly forwardHeaders: readonly string[];
  readonly entities?: readonly EntitySpec[];
  /** Of a subgraph: those of them that the owner gave. */
  readonly givenEntities?: readonly EntitySpec[];
  /** What it says of its entities beyond its own part of them. */
  readonly relations?: EntityRelations;
  /** It is a subgraph of Apollo Federation: its `_entities` is asked for entities, and is not in the graph. */
  readonly subgraph?: true;
  readonly subscriptions?: SubscriptionsInput;
  readonly persistedQueries?: boolean;
  readonly pollSeconds?: number;
  readonly publishSafeChanges?: true;
}
