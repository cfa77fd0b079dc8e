/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A pair of AWS keys; requests are signed with them. */
export type AccessKeyInput = {
  /** The id of the pair. */
  readonly accessKeyId: string;
  /** The secret of the pair. Write-only: stored encrypted, never shown. */
  readonly secretAccessKey: string;
  /** The token of temporary keys. Write-only: stored encrypted, never shown. */
  readonly sessionToken?: string | null | undefined;
};

/** An API key in a header, the query string or a cookie. */
export type ApiKeyAuthInput = {
  /** Where it is sent. */
  readonly in?: ApiKeyLocation;
  /** The header's, parameter's or cookie's name. */
  readonly name: string;
  /** The key. Write-only: stored encrypted, never shown. */
  readonly value: string;
};

/** Where an API key is sent. */
export type ApiKeyLocation =
  /** In a cookie. */
  | 'COOKIE'
  /** In a request header. */
  | 'HEADER'
  /** In the query string. */
  | 'QUERY';

/** HTTP Basic authentication. */
export type BasicAuthInput = {
  /** The password. Write-only: stored encrypted, never shown. */
  readonly password: string;
  /** The user name. */
  readonly username: string;
};

/** How the keys of a bulk call are sent. */
export type BatchForm =
  /** As one query parameter: `ids=1,2`. */
  | 'COMMA'
  /** As a list in the JSON body. */
  | 'JSON_BODY'
  /** As a query parameter for each key: `ids=1&ids=2`. */
  | 'REPEATED';

/** How one call of an operation answers for many keys. Items find their keys by matchBy, as a map, or by position: exactly one of matchBy, map and position. */
export type BatchInput = {
  /** The argument that takes the list of keys; a path such as `input.ids` leads into the body. */
  readonly argument: string;
  /** How the keys are sent. Default: as the document describes the argument. */
  readonly form?: BatchForm | null | undefined;
  /** Where in the answer the items are, such as `items`. Default: the answer itself. */
  readonly items?: string | null | undefined;
  /** A key may have several items: a link then gives the list of them. */
  readonly many?: boolean;
  /** The answer is an object whose keys are the keys. */
  readonly map?: boolean;
  /** The field of an item that holds its key, as in the graph; a path such as `author.id` leads deeper. Several where keys are objects: each is a field of the key, too. */
  readonly matchBy?: ReadonlyArray<string> | null | undefined;
  /** Keys in one call at most, 1 to 10000. */
  readonly max?: number;
  /** Items stand in the order of the keys, null where there is none. */
  readonly position?: boolean;
};

/** A bearer token in the Authorization header. */
export type BearerAuthInput = {
  /** The token. Write-only: stored encrypted, never shown. */
  readonly token: string;
};

/** The circuit breaker of an endpoint. */
export type BreakerState =
  /** Calls go out. */
  | 'CLOSED'
  /** One call is tried. */
  | 'HALF_OPEN'
  /** No calls go out for now. */
  | 'OPEN';

/** The limits of one subject: at least one. Those that are left out are no limits. */
export type BudgetInput = {
  /** Which one: a key's id, or `anonymous` for all callers without a key; the name of a source or provider; a model as `provider/model`. */
  readonly id: string;
  /** What is limited. */
  readonly kind: BudgetSubjectKind;
  /** Calls of models in a minute. */
  readonly requestsPerMinute?: number | null | undefined;
  /** Tokens in a minute, of questions and answers together. */
  readonly tokensPerMinute?: number | null | undefined;
  /** USD in a day of UTC. */
  readonly usdPerDay?: number | null | undefined;
  /** USD in a month of UTC. */
  readonly usdPerMonth?: number | null | undefined;
};

/** What a budget limits. */
export type BudgetSubjectKind =
  /** What a caller takes, by the id of its key. */
  | 'KEY'
  /** What is taken of one model of an account. */
  | 'MODEL'
  /** What is taken of a vendor's account. */
  | 'PROVIDER'
  /** What a prompt takes. */
  | 'SOURCE';

/** What a limit counts, over which time. */
export type BudgetWindow =
  /** Calls of models in a minute of the clock. */
  | 'REQUESTS_PER_MINUTE'
  /** Tokens in a minute of the clock. */
  | 'TOKENS_PER_MINUTE'
  /** USD in a day of UTC. */
  | 'USD_PER_DAY'
  /** USD in a month of UTC. */
  | 'USD_PER_MONTH';

/** How long answers are kept, and for whom. */
export type CachePolicyInput = {
  /** Seconds a 404 or 410 is remembered. Default 0. */
  readonly negativeTtlSeconds?: number | null | undefined;
  /** Default: PRIVATE when a caller's credential is forwarded to the upstream, else PUBLIC. */
  readonly scope?: CacheScope | null | undefined;
  /** Seconds after freshness in which a stale answer may be served. Default 600. */
  readonly staleSeconds?: number | null | undefined;
  /** Names by which purgeCache finds the answers. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
  /** Seconds an answer is fresh. Default: what the upstream's headers say, else 0. */
  readonly ttlSeconds?: number | null | undefined;
  /** Field of the answer that grows with every version of the thing: an older one never replaces a newer one. */
  readonly versionField?: string | null | undefined;
};

/** Who may be given a cached answer. */
export type CacheScope =
  /** The caller for whom it was fetched. */
  | 'PRIVATE'
  /** Everybody. */
  | 'PUBLIC';

/** How a caller is known. */
export type CallerKind =
  /** Without a key. */
  | 'ANONYMOUS'
  /** By a key. */
  | 'KEY';

/** How an OAuth 2 client's id and secret are sent. */
export type ClientAuthentication =
  /** As HTTP Basic authentication. */
  | 'BASIC'
  /** In the form body. */
  | 'BODY';

/** A new key. */
export type CreateKeyInput = {
  /** From when on it is refused; left out: never. */
  readonly expiresAt?: string | null | undefined;
  /** For people: who or what uses it. */
  readonly name: string;
  /** What it may do. */
  readonly role?: Role;
};

/** What a change does to clients. */
export type Criticality =
  /** Queries that were valid fail. */
  | 'BREAKING'
  /** Queries stay valid, but clients may meet what they do not expect. */
  | 'DANGEROUS'
  /** Nothing that a client has to mind. */
  | 'SAFE';

/** One base URL of a source. */
export type EndpointInput = {
  /** 0 is primary, higher are backups. */
  readonly priority?: number;
  /** Base URL; the paths of operations are appended. */
  readonly url: string;
  /** Its share of the calls among endpoints of the same priority. */
  readonly weight?: number;
};

/** Where an argument of an entity's operation comes from. Exactly one of field, fields and value. */
export type EntityArgumentInput = {
  /** A field of the entity, of this source or of another one; a path such as `owner.id` leads through objects. */
  readonly field?: string | null | undefined;
  /** Several fields of the entity, which become one object under their own names: a composite key. */
  readonly fields?: ReadonlyArray<string> | null | undefined;
  /** The operation's argument; a path such as `input.ids` leads into an input object. One that the operation's bulk form takes its keys in is given one key. */
  readonly name: string;
  /** With `fields`: the `__typename` in the object. */
  readonly typename?: string | null | undefined;
  /** A constant. */
  readonly value?: unknown;
};

/** The bulk form of an entity's operation: one call for many entities. */
export type EntityBatchInput = {
  /** The argument that takes the list of keys; a path such as `input.ids` leads into an input object. */
  readonly argument: string;
  /** Where in the answer the items are, such as `items`. Default: the answer itself. */
  readonly items?: string | null | undefined;
  /** Keys in one call at most, 1 to 10000. Default 100. */
  readonly max?: number | null | undefined;
  /** Items stand in the order of the keys, null where there is none. Default: they are told apart by their key fields. */
  readonly position?: boolean | null | undefined;
};

/** A type that the source shares with others: it is not prefixed, and has the fields of all sources that declare it. There may be several for one type, for other keys or other operations. */
export type EntityInput = {
  /** The operation's arguments. */
  readonly arguments?: ReadonlyArray<EntityArgumentInput> | null | undefined;
  /** The operation's bulk form, at a GraphQL service. That of a REST operation stands at the operation. */
  readonly batch?: EntityBatchInput | null | undefined;
  /** The fields that the operation gives. Default: all that the source's type has. */
  readonly fields?: ReadonlyArray<string> | null | undefined;
  /** The fields of it that tell one from another, together; a path such as `owner.id` leads through objects. */
  readonly key: ReadonlyArray<string>;
  /** The id of the operation that gives one. Without it the source only refers to entities of others. */
  readonly operation?: string | null | undefined;
  /** A path inside the answer to the entity, such as `item`. */
  readonly select?: string | null | undefined;
  /** The type's name, the same in all its sources. */
  readonly type: string;
};

/** What is served when nothing else is there. Exactly one of value and operation. */
export type FallbackInput = {
  /** The other operation's arguments, an object. Only with `operation`. */
  readonly arguments?: unknown;
  /** The name (operation id) of another operation of the same source. */
  readonly operation?: string | null | undefined;
  /** A constant, in the shape of what the upstream answers. */
  readonly value?: unknown;
};

/** A GraphQL service. Weir introspects it, unless its schema is given as SDL. */
export type GraphQlSourceInput = {
  /** How Weir proves itself to the upstream. */
  readonly auth?: UpstreamAuthInput | null | undefined;
  /** URLs that are called, each the whole of it. Default: the url. */
  readonly endpoints?: ReadonlyArray<EndpointInput> | null | undefined;
  /** Types that it shares with other sources, merged by key. */
  readonly entities?: ReadonlyArray<EntityInput> | null | undefined;
  /** Names of the client's request headers to pass on. */
  readonly forwardHeaders?: ReadonlyArray<string> | null | undefined;
  /** Request headers that are sent with every call. */
  readonly headers?: ReadonlyArray<HeaderInput> | null | undefined;
  /** The field of Query and Mutation under which its fields stand, and what its types begin with; `""` puts them flat into the root, unprefixed. Default: the source's name. */
  readonly namespace?: string | null | undefined;
  /** Send a query by its hash, and its text only where the service does not know it yet (Automatic Persisted Queries). Default: false. */
  readonly persistedQueries?: boolean | null | undefined;
  /** Seconds between looks at the schema that the service tells, 1 to 86400; a change is shown as `Source.schemaDrift`. Default: it is not looked at. */
  readonly pollSeconds?: number | null | undefined;
  /** Publish a changed schema by itself, as a new revision made by `polling`, when all its changes are `SAFE`. Wants `pollSeconds`, and no `sdl`. Default: false. */
  readonly publishSafeChanges?: boolean | null | undefined;
  /** Its schema, or the part of it to take. Compared with what the service tells, where it tells anything. */
  readonly sdl?: string | null | undefined;
  /** How its subscriptions are spoken to. */
  readonly subscriptions?: GraphQlSubscriptionsInput | null | undefined;
  /** What names of its types begin with; entities keep their own names. Default: the namespace, and nothing without one. */
  readonly typePrefix?: string | null | undefined;
  /** Where the service answers. Introspected at registration, and called unless there are endpoints. May be left out when there are SDL and endpoints. */
  readonly url?: string | null | undefined;
};

/** How the subscriptions of a GraphQL service are spoken to. */
export type GraphQlSubscriptionsInput = {
  /** What `connection_init` of a WebSocket carries, besides the headers of the upgrade. */
  readonly initPayload?: SubscriptionInitPayload;
  /** What they go over. */
  readonly transport?: SubscriptionTransport;
  /** Where they go, if not to the endpoints: a URL, or one relative to each endpoint, such as `/subscriptions`. */
  readonly url?: string | null | undefined;
};

/** A request header that is sent with every call. */
export type HeaderInput = {
  /** The header's name. */
  readonly name: string;
  /** Whether the value is a secret: stored encrypted, never shown. */
  readonly secret?: boolean;
  /** Its value. Write-only. */
  readonly value: string;
};

/** How endpoints are probed beside the traffic. */
export type HealthCheckInput = {
  /** Seconds between two probes. Default 5. */
  readonly intervalSeconds?: number | null | undefined;
  /** Path below the endpoint's URL, such as `/health`. Default: a connect. */
  readonly path?: string | null | undefined;
};

/** How a source or one of its endpoints is doing. */
export type HealthState =
  /** Answers, but not all of it, or not well. */
  | 'DEGRADED'
  /** Does not answer. */
  | 'DOWN'
  /** Answers well. */
  | 'HEALTHY'
  /** No calls go out, by hand. */
  | 'PAUSED'
  /** Not in the graph, or not yet tried. */
  | 'UNKNOWN';

/** Where a source stands in its life. */
export type LifecycleState =
  /** In the graph, every field marked as deprecated. */
  | 'DEPRECATED'
  /** Registered, not yet in the graph. */
  | 'DRAFT'
  /** In the graph. */
  | 'PUBLISHED'
  /** No longer in the graph; may be published again or deleted. */
  | 'RETIRED';

/** Where an argument of a link's operation comes from. Exactly one of field, value and argument. */
export type LinkArgumentInput = {
  /** An argument of this name, which the link field then has. */
  readonly argument?: string | null | undefined;
  /** A field of the parent object, as in the graph; a path such as `author.id` leads through objects. */
  readonly field?: string | null | undefined;
  /** The operation's argument; a path such as `input.ids` leads into an input object. */
  readonly name: string;
  /** A constant. */
  readonly value?: unknown;
};

/** A link that is added by itself, and stays until it is removed. */
export type LinkInput = {
  /** The operation's arguments. One that the operation's bulk form takes its keys in (batch) is given one key. */
  readonly arguments?: ReadonlyArray<LinkArgumentInput>;
  /** Shown in the graph. Default: the operation's own. */
  readonly description?: string | null | undefined;
  /** The new field's name. */
  readonly field: string;
  /** The id of one of its operations that read. */
  readonly operation: string;
  /** A path inside the answer, such as `items`: what the field gives instead of all of it. */
  readonly select?: string | null | undefined;
  /** The source whose type gets the field. */
  readonly source: string;
  /** The source that answers. Default: the same source. */
  readonly target?: string | null | undefined;
  /** The type that gets the field: its name in the graph (`BookshopBook`) or in the source (`Book`). */
  readonly type: string;
};

/** Where a link comes from. */
export type LinkOrigin =
  /** From addLink: it stays until removeLink, whatever revision is live. */
  | 'ADDED'
  /** From the `links` of the source's own document. */
  | 'DOCUMENT'
  /** Given with the revision: it comes and goes with it. */
  | 'REVISION';

/** Whether a link is in the graph. */
export type LinkState =
  /** In the graph. */
  | 'ACTIVE'
  /** It does not fit its source or its target any more. */
  | 'BROKEN'
  /** Its source or its target is not in the graph. */
  | 'WAITING';

/** How an object with free keys and typed values stands in the graph. */
export type MapStyle =
  /** As one JSON value. */
  | 'JSON'
  /** As a list of key and value, each value typed. */
  | 'LIST';

/** Which models. Conditions are joined by and. */
export type ModelFilter = {
  /** true: with a known price for input and output; false: without. */
  readonly priced?: boolean | null | undefined;
  /** Of this provider. */
  readonly provider?: string | null | undefined;
  /** With this text in `provider/name`, in any case. */
  readonly search?: string | null | undefined;
};

/** What you pay for a model, in USD for a million tokens: in place of all prices of the catalogue. */
export type ModelPricesInput = {
  /** What goes in and is going to be kept. Default: as input. */
  readonly cacheWrite?: number | null | undefined;
  /** What goes in and was kept by the vendor. Default: as input. */
  readonly cachedInput?: number | null | undefined;
  /** What goes in. */
  readonly input: number;
  /** What comes out, reasoning included. */
  readonly output: number;
};

/** OAuth 2 client credentials: Weir fetches and renews the token. */
export type OAuth2AuthInput = {
  /** How id and secret are sent. */
  readonly clientAuthentication?: ClientAuthentication;
  /** Client id. */
  readonly clientId: string;
  /** Client secret. Write-only: stored encrypted, never shown. */
  readonly clientSecret: string;
  /** Scopes to ask for. */
  readonly scopes?: ReadonlyArray<string> | null | undefined;
  /** URL of the token endpoint. */
  readonly tokenUrl: string;
};

/** The root an operation is to stand in. */
export type OperationAs =
  /** It writes, whatever its HTTP method. */
  | 'MUTATION'
  /** It only reads, whatever its HTTP method: it may be retried, cached, and linked to. */
  | 'QUERY';

/** Settings of one operation. */
export type OperationInput = {
  /** Default: QUERY for GET, HEAD, OPTIONS and TRACE, MUTATION for the others. */
  readonly as?: OperationAs | null | undefined;
  /** Its bulk form: links to it are then few calls, not one for each parent. */
  readonly batch?: BatchInput | null | undefined;
  /** The field's name in the graph instead of the derived one. */
  readonly field?: string | null | undefined;
  /** Whether a 404 is answered with null instead of an error. */
  readonly notFoundIsNull?: boolean | null | undefined;
  /** The operation id. */
  readonly operation: string;
  /** The operation hands out a list page by page: its field becomes a connection. */
  readonly pagination?: PaginationInput | null | undefined;
  /** Laid over the source's policy. */
  readonly policy?: PolicyInput | null | undefined;
  /** The name of the answer's type instead of the derived one. */
  readonly type?: string | null | undefined;
};

/** The root an operation stands in. */
export type OperationKind =
  /** Writes. */
  | 'MUTATION'
  /** Reads. */
  | 'QUERY'
  /** Is subscribed to. */
  | 'SUBSCRIPTION';

/** How an operation hands out a list page by page. Its field becomes a connection with first and after. Arguments and paths are in names of the graph. */
export type PaginationInput = {
  /** CURSOR: the argument that takes the cursor of a page. */
  readonly cursorArgument?: string | null | undefined;
  /** PAGE: the number of the first page, 0 or 1. Default 1. */
  readonly firstPage?: number | null | undefined;
  /** Path inside the answer to the list, such as `data.items`; empty when the answer is the list. */
  readonly items?: string;
  /** Pages fetched at most for one field. Default 20. */
  readonly maxPages?: number | null | undefined;
  /** CURSOR: path inside the answer to the cursor of the next page; there is none when it is empty. */
  readonly nextCursor?: string | null | undefined;
  /** LINK: path inside the answer to the address of the next page, such as `links.next`. Default: it is in the `Link` header. */
  readonly nextLink?: string | null | undefined;
  /** OFFSET: the argument that takes how many items to skip. */
  readonly offsetArgument?: string | null | undefined;
  /** PAGE: the argument that takes the number of a page. */
  readonly pageArgument?: string | null | undefined;
  /** Items in a page: what sizeArgument is given; without it, what the upstream's pages have. */
  readonly pageSize: number;
  /** The argument that takes how many items a page shall have. */
  readonly sizeArgument?: string | null | undefined;
  /** How the upstream is told which page is wanted. */
  readonly style: PaginationStyle;
  /** Path inside the answer to the number of items on all pages. */
  readonly total?: string | null | undefined;
};

/** How an upstream is told which page is wanted. */
export type PaginationStyle =
  /** By a cursor that the answer before has in its body. */
  | 'CURSOR'
  /** By the address that the answer before gives, in its `Link` header (RFC 8288) or its body. */
  | 'LINK'
  /** By the number of items before it. */
  | 'OFFSET'
  /** By the number of the page. */
  | 'PAGE';

/** Resilience, caching and limit settings. What is left out has its default. */
export type PolicyInput = {
  /** Milliseconds for one attempt at one endpoint. Default 3000, for prompts 30000. */
  readonly attemptTimeoutMs?: number | null | undefined;
  /** How long answers are kept, and for whom. */
  readonly cache?: CachePolicyInput | null | undefined;
  /** Request header that tells the upstream the milliseconds left. */
  readonly deadlineHeader?: string | null | undefined;
  /** Milliseconds for a whole call with all its attempts. Default 10000, for prompts 60000. */
  readonly deadlineMs?: number | null | undefined;
  /** What is served when nothing else is there. */
  readonly fallback?: FallbackInput | null | undefined;
  /** Prompts: milliseconds to the first piece of a streamed answer. Default 10000. */
  readonly firstTokenMs?: number | null | undefined;
  /** Redirects to follow. Default 0. */
  readonly followRedirects?: number | null | undefined;
  /** How endpoints are probed beside the traffic. */
  readonly healthCheck?: HealthCheckInput | null | undefined;
  /** Start a second attempt of a query after this many milliseconds without an answer. Default: never. */
  readonly hedgeAfterMs?: number | null | undefined;
  /** Request header that carries an idempotency key; with it a mutation may be retried. */
  readonly idempotencyHeader?: string | null | undefined;
  /** Fixed cap on calls in flight to the source. Default: a limit that follows its latency. */
  readonly maxConcurrency?: number | null | undefined;
  /** Prompts: tokens of an answer at most, whatever the prompt itself asks for. */
  readonly maxOutputTokens?: number | null | undefined;
  /** Prompts: milliseconds between two pieces of a streamed answer. Default 5000. */
  readonly nextTokenMs?: number | null | undefined;
  /** Subscriptions: tries in a row to open a lost upstream again before the subscription ends; 0: never. Default 10. */
  readonly reconnects?: number | null | undefined;
  /** Further attempts after the first. Default 2. */
  readonly retries?: number | null | undefined;
  /** Milliseconds to wait for a fresh answer when a stale one is at hand. Default 200. */
  readonly softTimeoutMs?: number | null | undefined;
};

/** An example for the model: what it should answer to some variables. */
export type PromptExampleInput = {
  /** An object of the output type, or a text. */
  readonly output: unknown;
  /** An object of variables. */
  readonly variables: unknown;
};

/** What a model is told beside the messages. What is left out is the vendor's default. */
export type PromptParametersInput = {
  /** From -2 to 2. */
  readonly frequencyPenalty?: number | null | undefined;
  /** Tokens of an answer at most. */
  readonly maxOutputTokens?: number | null | undefined;
  /** From -2 to 2. */
  readonly presencePenalty?: number | null | undefined;
  /** How long the model thinks first, where it can. */
  readonly reasoningEffort?: ReasoningEffort | null | undefined;
  /** For answers that can be repeated, where the vendor can. */
  readonly seed?: number | null | undefined;
  /** Texts before which the model stops. */
  readonly stop?: ReadonlyArray<string> | null | undefined;
  /** From 0 to 2. Answers at 0 are kept, for an hour by default. */
  readonly temperature?: number | null | undefined;
  /** From 1 up. */
  readonly topK?: number | null | undefined;
  /** From 0 to 1. */
  readonly topP?: number | null | undefined;
};

/** A prompt, answered by the first of its models that can. */
export type PromptSourceInput = {
  /** Stand before the message of the user. */
  readonly examples?: ReadonlyArray<PromptExampleInput> | null | undefined;
  /** The field has an argument `history`, which takes the conversation so far. Default: false. */
  readonly history?: boolean | null | undefined;
  /** `provider/model`. The first is asked; the others stand in for it, in order. */
  readonly models: ReadonlyArray<string>;
  /** SDL of the object type that the model answers with, first, and of the types in it. Left out: plain text. */
  readonly output?: string | null | undefined;
  /** What the model is told beside the messages. */
  readonly parameters?: PromptParametersInput | null | undefined;
  /** What the model is told to do, as the system message. Mustache without logic: `{{text}}` mentions the variable `text`, `{{#text}} … {{/text}}` is there when it has a value. Values are never put into it: they go into the user message. */
  readonly template: string;
  /** SDL of the enums that variables name. */
  readonly types?: string | null | undefined;
  /** Every one is mentioned in the template. */
  readonly variables: ReadonlyArray<PromptVariableInput>;
};

/** A variable of a prompt: an argument of its field. */
export type PromptVariableInput = {
  /** What it is when it is not given. */
  readonly default?: unknown;
  /** For people: the description of the argument. */
  readonly description?: string | null | undefined;
  /** Characters of a text (default 20000), or items of a list (default 100). */
  readonly maxLength?: number | null | undefined;
  /** A GraphQL name. */
  readonly name: string;
  /** As GraphQL writes it: `String!`, `[Int!]`, an enum of types or output, `File` or `Image`. */
  readonly type: string;
};

/** How Weir proves itself to the vendor. Exactly one, as the kind asks for. */
export type ProviderCredentialInput = {
  /** AWS keys, for AMAZON_BEDROCK. */
  readonly accessKey?: AccessKeyInput | null | undefined;
  /** An access token, for GOOGLE_VERTEX: whoever makes it sets the next one before it ends. Write-only: stored encrypted, never shown. */
  readonly accessToken?: string | null | undefined;
  /** An API key. Write-only: stored encrypted, never shown. */
  readonly apiKey?: string | null | undefined;
  /** A service account, for GOOGLE_VERTEX. */
  readonly serviceAccount?: ServiceAccountInput | null | undefined;
};

/** What a credential is. */
export type ProviderCredentialKind =
  /** A pair of AWS keys. */
  | 'ACCESS_KEY'
  /** An access token of Google. */
  | 'ACCESS_TOKEN'
  /** An API key. */
  | 'API_KEY'
  /** A Google service account. */
  | 'SERVICE_ACCOUNT';

/** A model vendor's account. Everything that is left out of one that is there is removed, but for secrets. */
export type ProviderInput = {
  /** AZURE_OPENAI: the `api-version` to ask for. */
  readonly apiVersion?: string | null | undefined;
  /** Base URL of the API, such as `http://127.0.0.1:11434/v1`. Default: the vendor's own. */
  readonly baseUrl?: string | null | undefined;
  /** Left out, that of the account that is there stays: only as long as kind, URL and the like stay as they are. An empty one removes it, where none is needed. */
  readonly credential?: ProviderCredentialInput | null | undefined;
  /** Request headers that are sent with every call. Left out, they stay, like the credential; `[]` removes them. */
  readonly headers?: ReadonlyArray<HeaderInput> | null | undefined;
  /** Which vendor's API it speaks. */
  readonly kind: ProviderKind;
  /** GOOGLE_VERTEX: where it runs, such as `europe-west1`. */
  readonly location?: string | null | undefined;
  /** Models that the catalogue does not know, or knows otherwise. Those in neither are refused. */
  readonly models?: ReadonlyArray<ProviderModelInput> | null | undefined;
  /** Prompts name its models as `name/model`: small letters, digits and `-`, beginning with a letter. */
  readonly name: string;
  /** OPENAI: the organization that pays. */
  readonly organization?: string | null | undefined;
  /** OPENAI: the project that pays. GOOGLE_VERTEX: the cloud project. */
  readonly project?: string | null | undefined;
  /** AMAZON_BEDROCK: where it runs, such as `eu-central-1`. */
  readonly region?: string | null | undefined;
  /** AZURE_OPENAI: the name before `.openai.azure.com`. Either this or baseUrl. */
  readonly resourceName?: string | null | undefined;
};

/** Which vendor's API a provider speaks. */
export type ProviderKind =
  /** Amazon Bedrock. */
  | 'AMAZON_BEDROCK'
  /** Anthropic. */
  | 'ANTHROPIC'
  /** Azure OpenAI. */
  | 'AZURE_OPENAI'
  /** Cohere. */
  | 'COHERE'
  /** DeepSeek. */
  | 'DEEPSEEK'
  /** Google Gemini. */
  | 'GOOGLE'
  /** Google Vertex AI. */
  | 'GOOGLE_VERTEX'
  /** Groq. */
  | 'GROQ'
  /** Mistral. */
  | 'MISTRAL'
  /** OpenAI. */
  | 'OPENAI'
  /** Any server that speaks the OpenAI format: vLLM, Ollama, OpenRouter, Together and others. */
  | 'OPENAI_COMPATIBLE'
  /** xAI. */
  | 'XAI';

/** A model of this account that the catalogue does not know, or knows otherwise. */
export type ProviderModelInput = {
  /** Which model of the catalogue it is, such as `gpt-5-mini`, where its name does not tell: what is not said here is as the catalogue says of that one. Default: the one of its name. */
  readonly baseModel?: string | null | undefined;
  /** Tokens of question and answer together. */
  readonly contextTokens?: number | null | undefined;
  /** What it takes: `text`, `image`, `audio`, `file`. */
  readonly inputs?: ReadonlyArray<string> | null | undefined;
  /** Tokens of an answer. */
  readonly maxOutputTokens?: number | null | undefined;
  /** As the vendor calls it, such as `gpt-5-mini`; for Azure the deployment. */
  readonly name: string;
  /** What it costs. Default: as the catalogue says. */
  readonly prices?: ModelPricesInput | null | undefined;
};

/** How long a model thinks before it answers. */
export type ReasoningEffort =
  /** Long. */
  | 'HIGH'
  /** A little. */
  | 'LOW'
  /** In between. */
  | 'MEDIUM'
  /** As little as it can. */
  | 'MINIMAL'
  /** Not at all. */
  | 'NONE'
  /** As long as it can. */
  | 'XHIGH';

/** A new source. */
export type RegisterSourceInput = {
  /** For people. */
  readonly description?: string | null | undefined;
  /** The GraphQL service to wrap. Exactly one of rest, graphql and prompt is given. */
  readonly graphql?: GraphQlSourceInput | null | undefined;
  /** Fields that other operations answer. */
  readonly links?: ReadonlyArray<SourceLinkInput> | null | undefined;
  /** A GraphQL name of at most 64 characters that is not taken. */
  readonly name: string;
  /** A note for the first revision. */
  readonly note?: string | null | undefined;
  /** Settings of the source. */
  readonly policy?: PolicyInput | null | undefined;
  /** The prompt to ask. Exactly one of rest, graphql and prompt is given. */
  readonly prompt?: PromptSourceInput | null | undefined;
  /** The REST API to wrap. Exactly one of rest, graphql and prompt is given. */
  readonly rest?: RestSourceInput | null | undefined;
  /** Free words to find it by. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
  /** The team that owns it. */
  readonly team?: string | null | undefined;
  /** For people. */
  readonly title?: string | null | undefined;
  /** Who may use it once it is published. */
  readonly visibility?: Visibility;
};

/** A REST API, described by an OpenAPI document (2.0, 3.0 or 3.1). Exactly one of document and url. */
export type RestSourceInput = {
  /** How Weir proves itself to the upstream. */
  readonly auth?: UpstreamAuthInput | null | undefined;
  /** The OpenAPI document itself, JSON or YAML. */
  readonly document?: string | null | undefined;
  /** Base URLs. Default: the document's servers. */
  readonly endpoints?: ReadonlyArray<EndpointInput> | null | undefined;
  /** Types that it shares with other sources, merged by key. */
  readonly entities?: ReadonlyArray<EntityInput> | null | undefined;
  /** Ids of the operations to leave out; `*` as in include. */
  readonly exclude?: ReadonlyArray<string> | null | undefined;
  /** Names of the client's request headers to pass on. */
  readonly forwardHeaders?: ReadonlyArray<string> | null | undefined;
  /** Request headers that are sent with every call. */
  readonly headers?: ReadonlyArray<HeaderInput> | null | undefined;
  /** Ids of the operations to take; `*` stands for any run of characters. Default: all. */
  readonly include?: ReadonlyArray<string> | null | undefined;
  /** How objects with free keys and typed values stand in the graph. Default LIST. */
  readonly maps?: MapStyle | null | undefined;
  /** The field of Query and Mutation under which its fields stand; `""` puts them flat into the root. Default: the source's name. */
  readonly namespace?: string | null | undefined;
  /** Settings of single operations. */
  readonly operations?: ReadonlyArray<OperationInput> | null | undefined;
  /** Refuse a document with any part that is wrong or cannot be represented, instead of warning and using the rest. */
  readonly strict?: boolean | null | undefined;
  /** Where Weir can fetch the OpenAPI document. At the origin of one of the endpoints it is asked for with auth and headers. */
  readonly url?: string | null | undefined;
};

/** The next revision of a source, of the same kind. Complete: nothing is taken over from earlier ones. */
export type ReviseSourceInput = {
  /** The GraphQL service to wrap. Exactly one of rest, graphql and prompt is given. */
  readonly graphql?: GraphQlSourceInput | null | undefined;
  /** Fields that other operations answer; those of addLink stay whatever is given here. */
  readonly links?: ReadonlyArray<SourceLinkInput> | null | undefined;
  /** The name of the source. */
  readonly name: string;
  /** What is new, for people. */
  readonly note?: string | null | undefined;
  /** The prompt to ask. Exactly one of rest, graphql and prompt is given. */
  readonly prompt?: PromptSourceInput | null | undefined;
  /** The REST API to wrap. Exactly one of rest, graphql and prompt is given. */
  readonly rest?: RestSourceInput | null | undefined;
};

/** What a key may do. */
export type Role =
  /** Everything, the admin API included. */
  | 'ADMIN'
  /** Query PUBLIC and SHARED sources. */
  | 'CONSUMER';

/** A Google service account; access tokens are made with its key. */
export type ServiceAccountInput = {
  /** The `client_email` of its key file. */
  readonly clientEmail: string;
  /** The `private_key` of its key file, in PEM form. Write-only: stored encrypted, never shown. */
  readonly privateKey: string;
};

/** Which sources. Conditions are joined by and. */
export type SourceFilter = {
  /** Of one of these kinds. */
  readonly kinds?: ReadonlyArray<SourceKind> | null | undefined;
  /** With this text in name, title or description, in any case. */
  readonly search?: string | null | undefined;
  /** In one of these states. */
  readonly states?: ReadonlyArray<LifecycleState> | null | undefined;
  /** With this tag. */
  readonly tag?: string | null | undefined;
};

/** What kind of upstream a source wraps. */
export type SourceKind =
  /** A GraphQL service. */
  | 'GRAPHQL'
  /** A prompt, answered by an AI model. */
  | 'PROMPT'
  /** A REST API, described by an OpenAPI document. */
  | 'REST';

/** A link that a revision of a source brings. It comes and goes with the revision. */
export type SourceLinkInput = {
  /** The operation's arguments. One that the operation's bulk form takes its keys in (batch) is given one key. */
  readonly arguments?: ReadonlyArray<LinkArgumentInput>;
  /** Shown in the graph. Default: the operation's own. */
  readonly description?: string | null | undefined;
  /** The new field's name. */
  readonly field: string;
  /** The id of one of its operations that read. */
  readonly operation: string;
  /** A path inside the answer, such as `items`: what the field gives instead of all of it. */
  readonly select?: string | null | undefined;
  /** The source that answers. Default: the same source. */
  readonly target?: string | null | undefined;
  /** The type that gets the field: its name in the graph (`BookshopBook`) or in the source (`Book`). */
  readonly type: string;
};

/** What `connection_init` carries. */
export type SubscriptionInitPayload =
  /** The headers of the upgrade, the credential among them. */
  | 'HEADERS'
  /** Nothing. */
  | 'NONE';

/** What subscriptions of an upstream go over. */
export type SubscriptionTransport =
  /** Server-Sent Events, a request for each subscription. */
  | 'SSE'
  /** A WebSocket, by the protocol graphql-transport-ws. */
  | 'WS';

/** What to change about how a source is shown and shared. What is left out stays; null clears. */
export type UpdateSourceInput = {
  /** For people. */
  readonly description?: string | null | undefined;
  /** The name of the source. */
  readonly name: string;
  /** Free words to find it by; all of them. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
  /** The team that owns it. */
  readonly team?: string | null | undefined;
  /** For people. */
  readonly title?: string | null | undefined;
  /** Who may use it once it is published; null is as left out. */
  readonly visibility?: Visibility | null | undefined;
};

/** How Weir proves itself to the upstream. Exactly one. */
export type UpstreamAuthInput = {
  /** An API key. */
  readonly apiKey?: ApiKeyAuthInput | null | undefined;
  /** HTTP Basic authentication. */
  readonly basic?: BasicAuthInput | null | undefined;
  /** A bearer token. */
  readonly bearer?: BearerAuthInput | null | undefined;
  /** OAuth 2 client credentials. */
  readonly oauth2?: OAuth2AuthInput | null | undefined;
};

/** Who may use a source once it is published. */
export type Visibility =
  /** Admins only. */
  | 'PRIVATE'
  /** Anyone, without a key. */
  | 'PUBLIC'
  /** Callers with a key. */
  | 'SHARED';

export type SourceSummaryFragment = { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { readonly me: { readonly kind: CallerKind, readonly name: string | null, readonly role: Role | null, readonly keyId: string | null } };

export type SourcesQueryVariables = Exact<{
  filter?: SourceFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type SourcesQuery = { readonly sources: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type SourceDetailsQueryVariables = Exact<{
  name: string;
}>;


export type SourceDetailsQuery = { readonly source: { readonly title: string | null, readonly description: string | null, readonly tags: ReadonlyArray<string>, readonly team: string | null, readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly deprecation: { readonly reason: string, readonly sunsetAt: string | null } | null, readonly policy: { readonly deadlineMs: number | null, readonly attemptTimeoutMs: number | null, readonly softTimeoutMs: number | null, readonly retries: number | null, readonly reconnects: number | null, readonly hedgeAfterMs: number | null, readonly maxConcurrency: number | null, readonly cache: { readonly ttlSeconds: number | null, readonly staleSeconds: number | null, readonly scope: CacheScope | null, readonly tags: ReadonlyArray<string> | null } | null, readonly fallback: { readonly value: unknown, readonly operation: string | null, readonly arguments: unknown } | null, readonly healthCheck: { readonly path: string | null, readonly intervalSeconds: number | null } | null }, readonly live: { readonly sdl: string, readonly number: number } | null, readonly revisions: ReadonlyArray<{ readonly number: number, readonly live: boolean, readonly note: string | null, readonly createdAt: string, readonly createdBy: string, readonly changes: ReadonlyArray<{ readonly criticality: Criticality, readonly path: string | null, readonly message: string }>, readonly warnings: ReadonlyArray<{ readonly kind: string, readonly path: string, readonly message: string }> }>, readonly operations: ReadonlyArray<{ readonly name: string, readonly field: string, readonly kind: OperationKind, readonly policy: { readonly deadlineMs: number | null, readonly attemptTimeoutMs: number | null, readonly softTimeoutMs: number | null, readonly retries: number | null, readonly reconnects: number | null, readonly hedgeAfterMs: number | null, readonly maxConcurrency: number | null, readonly cache: { readonly ttlSeconds: number | null, readonly staleSeconds: number | null, readonly scope: CacheScope | null, readonly tags: ReadonlyArray<string> | null } | null, readonly fallback: { readonly value: unknown, readonly operation: string | null, readonly arguments: unknown } | null, readonly healthCheck: { readonly path: string | null, readonly intervalSeconds: number | null } | null } | null }> } | null };

export type PolicySettingsFragment = { readonly deadlineMs: number | null, readonly attemptTimeoutMs: number | null, readonly softTimeoutMs: number | null, readonly retries: number | null, readonly reconnects: number | null, readonly hedgeAfterMs: number | null, readonly maxConcurrency: number | null, readonly cache: { readonly ttlSeconds: number | null, readonly staleSeconds: number | null, readonly scope: CacheScope | null, readonly tags: ReadonlyArray<string> | null } | null, readonly fallback: { readonly value: unknown, readonly operation: string | null, readonly arguments: unknown } | null, readonly healthCheck: { readonly path: string | null, readonly intervalSeconds: number | null } | null };

export type SourceHealthQueryVariables = Exact<{
  name: string;
}>;


export type SourceHealthQuery = { readonly source: { readonly name: string, readonly health: { readonly state: HealthState, readonly since: string | null, readonly problem: string | null, readonly endpoints: ReadonlyArray<{ readonly number: number, readonly priority: number, readonly state: HealthState, readonly breaker: BreakerState, readonly lastError: string | null, readonly latencyP50Ms: number | null, readonly latencyP99Ms: number | null }> } } | null };

export type GraphNowQueryVariables = Exact<{ [key: string]: never; }>;


export type GraphNowQuery = { readonly graph: { readonly version: number, readonly composedAt: string, readonly sdl: string } };

export type GraphChangesQueryVariables = Exact<{
  since: number;
}>;


export type GraphChangesQuery = { readonly graph: { readonly version: number, readonly changes: ReadonlyArray<{ readonly criticality: Criticality, readonly path: string | null, readonly message: string }> } };

export type AuditLogQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { readonly auditLog: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly at: string, readonly action: string, readonly target: string, readonly detail: unknown, readonly actor: { readonly id: string, readonly name: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type KeysQueryVariables = Exact<{ [key: string]: never; }>;


export type KeysQuery = { readonly keys: ReadonlyArray<{ readonly id: string, readonly name: string, readonly role: Role, readonly createdAt: string, readonly createdBy: string, readonly expiresAt: string | null, readonly revokedAt: string | null }> };

export type RegisterSourceMutationVariables = Exact<{
  input: RegisterSourceInput;
}>;


export type RegisterSourceMutation = { readonly registerSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type ReviseSourceMutationVariables = Exact<{
  input: ReviseSourceInput;
}>;


export type ReviseSourceMutation = { readonly reviseSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type UpdateSourceMutationVariables = Exact<{
  input: UpdateSourceInput;
}>;


export type UpdateSourceMutation = { readonly updateSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type CheckSourceMutationVariables = Exact<{
  name: string;
  revision?: number | null | undefined;
}>;


export type CheckSourceMutation = { readonly checkSource: { readonly ok: boolean, readonly revision: number, readonly comparedWith: number | null, readonly breaking: boolean, readonly changes: ReadonlyArray<{ readonly criticality: Criticality, readonly path: string | null, readonly message: string }>, readonly conflicts: ReadonlyArray<{ readonly path: string, readonly message: string }>, readonly warnings: ReadonlyArray<{ readonly kind: string, readonly path: string, readonly message: string }>, readonly probe: { readonly ok: boolean, readonly latencyMs: number, readonly status: number | null, readonly reason: string | null } } };

export type PublishSourceMutationVariables = Exact<{
  name: string;
  revision?: number | null | undefined;
  acceptBreaking?: boolean;
}>;


export type PublishSourceMutation = { readonly publishSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type RollbackSourceMutationVariables = Exact<{
  name: string;
  toRevision: number;
}>;


export type RollbackSourceMutation = { readonly rollbackSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type DeprecateSourceMutationVariables = Exact<{
  name: string;
  reason: string;
  sunsetAt?: string | null | undefined;
}>;


export type DeprecateSourceMutation = { readonly deprecateSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly deprecation: { readonly reason: string, readonly sunsetAt: string | null } | null, readonly live: { readonly number: number } | null } };

export type RetireSourceMutationVariables = Exact<{
  name: string;
}>;


export type RetireSourceMutation = { readonly retireSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type DeleteSourceMutationVariables = Exact<{
  name: string;
}>;


export type DeleteSourceMutation = { readonly deleteSource: string };

export type PauseSourceMutationVariables = Exact<{
  name: string;
}>;


export type PauseSourceMutation = { readonly pauseSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type ResumeSourceMutationVariables = Exact<{
  name: string;
}>;


export type ResumeSourceMutation = { readonly resumeSource: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type IsolateEndpointMutationVariables = Exact<{
  source: string;
  endpoint: number;
  isolated: boolean;
}>;


export type IsolateEndpointMutation = { readonly isolateEndpoint: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type ResetBreakerMutationVariables = Exact<{
  source: string;
  endpoint: number;
}>;


export type ResetBreakerMutation = { readonly resetBreaker: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type SourceDriftQueryVariables = Exact<{
  name: string;
  first?: number | null | undefined;
}>;


export type SourceDriftQuery = { readonly source: { readonly name: string, readonly drift: ReadonlyArray<{ readonly operation: string, readonly path: string, readonly expected: string, readonly received: string, readonly count: number, readonly lastAt: string }> } | null };

export type SetPolicyMutationVariables = Exact<{
  source: string;
  operation?: string | null | undefined;
  policy: PolicyInput;
}>;


export type SetPolicyMutation = { readonly setPolicy: { readonly name: string, readonly kind: SourceKind, readonly state: LifecycleState, readonly paused: boolean, readonly visibility: Visibility, readonly latestRevision: number, readonly live: { readonly number: number } | null } };

export type PurgeCacheMutationVariables = Exact<{
  source?: string | null | undefined;
  tags?: ReadonlyArray<string> | string | null | undefined;
}>;


export type PurgeCacheMutation = { readonly purgeCache: { readonly everything: boolean, readonly tags: ReadonlyArray<string> } };

export type CreateKeyMutationVariables = Exact<{
  input: CreateKeyInput;
}>;


export type CreateKeyMutation = { readonly createKey: { readonly secret: string, readonly key: { readonly id: string, readonly name: string, readonly role: Role, readonly expiresAt: string | null } } };

export type RevokeKeyMutationVariables = Exact<{
  id: string;
}>;


export type RevokeKeyMutation = { readonly revokeKey: { readonly id: string, readonly revokedAt: string | null } };

export type AddLinkMutationVariables = Exact<{
  input: LinkInput;
}>;


export type AddLinkMutation = { readonly addLink: { readonly id: string, readonly source: string, readonly type: string, readonly field: string, readonly target: string, readonly operation: string, readonly select: string | null, readonly origin: LinkOrigin, readonly state: LinkState, readonly problem: string | null, readonly batched: boolean, readonly arguments: ReadonlyArray<{ readonly name: string, readonly field: string | null, readonly value: unknown, readonly argument: string | null }> } };

export type RemoveLinkMutationVariables = Exact<{
  id: string;
}>;


export type RemoveLinkMutation = { readonly removeLink: string };

export type LinksOfSourceQueryVariables = Exact<{
  name: string;
}>;


export type LinksOfSourceQuery = { readonly source: { readonly links: ReadonlyArray<{ readonly id: string, readonly source: string, readonly type: string, readonly field: string, readonly target: string, readonly operation: string, readonly select: string | null, readonly origin: LinkOrigin, readonly state: LinkState, readonly problem: string | null, readonly batched: boolean, readonly arguments: ReadonlyArray<{ readonly name: string, readonly field: string | null, readonly value: unknown, readonly argument: string | null }> }> } | null };

export type LinkPartsFragment = { readonly id: string, readonly source: string, readonly type: string, readonly field: string, readonly target: string, readonly operation: string, readonly select: string | null, readonly origin: LinkOrigin, readonly state: LinkState, readonly problem: string | null, readonly batched: boolean, readonly arguments: ReadonlyArray<{ readonly name: string, readonly field: string | null, readonly value: unknown, readonly argument: string | null }> };

export type ProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ProvidersQuery = { readonly providers: ReadonlyArray<{ readonly name: string, readonly kind: ProviderKind, readonly baseUrl: string | null, readonly credential: ProviderCredentialKind | null, readonly organization: string | null, readonly project: string | null, readonly location: string | null, readonly region: string | null, readonly resourceName: string | null, readonly apiVersion: string | null, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string | null }> }> };

export type SetProviderMutationVariables = Exact<{
  input: ProviderInput;
}>;


export type SetProviderMutation = { readonly setProvider: { readonly name: string, readonly kind: ProviderKind, readonly baseUrl: string | null, readonly credential: ProviderCredentialKind | null, readonly organization: string | null, readonly project: string | null, readonly location: string | null, readonly region: string | null, readonly resourceName: string | null, readonly apiVersion: string | null, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string | null }> } };

export type RemoveProviderMutationVariables = Exact<{
  name: string;
}>;


export type RemoveProviderMutation = { readonly removeProvider: string };

export type ProviderPartsFragment = { readonly name: string, readonly kind: ProviderKind, readonly baseUrl: string | null, readonly credential: ProviderCredentialKind | null, readonly organization: string | null, readonly project: string | null, readonly location: string | null, readonly region: string | null, readonly resourceName: string | null, readonly apiVersion: string | null, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string | null }> };

export type ModelsQueryVariables = Exact<{
  filter?: ModelFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type ModelsQuery = { readonly models: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly provider: string, readonly name: string, readonly declared: boolean, readonly contextTokens: number | null, readonly maxOutputTokens: number | null, readonly inputs: ReadonlyArray<string> | null, readonly prices: { readonly input: number | null, readonly output: number | null, readonly cachedInput: number | null, readonly cacheWrite: number | null } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type BudgetsQueryVariables = Exact<{ [key: string]: never; }>;


export type BudgetsQuery = { readonly budgets: ReadonlyArray<{ readonly kind: BudgetSubjectKind, readonly id: string, readonly createdAt: string, readonly updatedAt: string, readonly limits: ReadonlyArray<{ readonly window: BudgetWindow, readonly limit: number, readonly reserved: number, readonly spent: number, readonly unpriced: number, readonly resetsAt: string }> }> };

export type SetBudgetMutationVariables = Exact<{
  input: BudgetInput;
}>;


export type SetBudgetMutation = { readonly setBudget: { readonly kind: BudgetSubjectKind, readonly id: string, readonly createdAt: string, readonly updatedAt: string, readonly limits: ReadonlyArray<{ readonly window: BudgetWindow, readonly limit: number, readonly reserved: number, readonly spent: number, readonly unpriced: number, readonly resetsAt: string }> } };

export type RemoveBudgetMutationVariables = Exact<{
  kind: BudgetSubjectKind;
  id: string;
}>;


export type RemoveBudgetMutation = { readonly removeBudget: string };

export type BudgetPartsFragment = { readonly kind: BudgetSubjectKind, readonly id: string, readonly createdAt: string, readonly updatedAt: string, readonly limits: ReadonlyArray<{ readonly window: BudgetWindow, readonly limit: number, readonly reserved: number, readonly spent: number, readonly unpriced: number, readonly resetsAt: string }> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SourceSummaryFragmentDoc = new TypedDocumentString(`
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}
    `, {"fragmentName":"SourceSummary"}) as unknown as TypedDocumentString<SourceSummaryFragment, unknown>;
export const PolicySettingsFragmentDoc = new TypedDocumentString(`
    fragment PolicySettings on Policy {
  deadlineMs
  attemptTimeoutMs
  softTimeoutMs
  retries
  reconnects
  hedgeAfterMs
  maxConcurrency
  cache {
    ttlSeconds
    staleSeconds
    scope
    tags
  }
  fallback {
    value
    operation
    arguments
  }
  healthCheck {
    path
    intervalSeconds
  }
}
    `, {"fragmentName":"PolicySettings"}) as unknown as TypedDocumentString<PolicySettingsFragment, unknown>;
export const LinkPartsFragmentDoc = new TypedDocumentString(`
    fragment LinkParts on Link {
  id
  source
  type
  field
  target
  operation
  arguments {
    name
    field
    value
    argument
  }
  select
  origin
  state
  problem
  batched
}
    `, {"fragmentName":"LinkParts"}) as unknown as TypedDocumentString<LinkPartsFragment, unknown>;
export const ProviderPartsFragmentDoc = new TypedDocumentString(`
    fragment ProviderParts on Provider {
  name
  kind
  baseUrl
  credential
  headers {
    name
    value
  }
  organization
  project
  location
  region
  resourceName
  apiVersion
  version
  createdAt
  updatedAt
}
    `, {"fragmentName":"ProviderParts"}) as unknown as TypedDocumentString<ProviderPartsFragment, unknown>;
export const BudgetPartsFragmentDoc = new TypedDocumentString(`
    fragment BudgetParts on Budget {
  kind
  id
  limits {
    window
    limit
    reserved
    spent
    unpriced
    resetsAt
  }
  createdAt
  updatedAt
}
    `, {"fragmentName":"BudgetParts"}) as unknown as TypedDocumentString<BudgetPartsFragment, unknown>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    kind
    name
    role
    keyId
  }
}
    `) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const SourcesDocument = new TypedDocumentString(`
    query Sources($filter: SourceFilter, $first: Int! = 50, $after: String) {
  sources(filter: $filter, first: $first, after: $after) {
    nodes {
      ...SourceSummary
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<SourcesQuery, SourcesQueryVariables>;
export const SourceDetailsDocument = new TypedDocumentString(`
    query SourceDetails($name: ID!) {
  source(name: $name) {
    ...SourceSummary
    title
    description
    tags
    team
    deprecation {
      reason
      sunsetAt
    }
    policy {
      ...PolicySettings
    }
    live {
      sdl
    }
    revisions {
      number
      live
      note
      createdAt
      createdBy
      changes {
        criticality
        path
        message
      }
      warnings {
        kind
        path
        message
      }
    }
    operations {
      name
      field
      kind
      policy {
        ...PolicySettings
      }
    }
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}
fragment PolicySettings on Policy {
  deadlineMs
  attemptTimeoutMs
  softTimeoutMs
  retries
  reconnects
  hedgeAfterMs
  maxConcurrency
  cache {
    ttlSeconds
    staleSeconds
    scope
    tags
  }
  fallback {
    value
    operation
    arguments
  }
  healthCheck {
    path
    intervalSeconds
  }
}`) as unknown as TypedDocumentString<SourceDetailsQuery, SourceDetailsQueryVariables>;
export const SourceHealthDocument = new TypedDocumentString(`
    query SourceHealth($name: ID!) {
  source(name: $name) {
    name
    health {
      state
      since
      problem
      endpoints {
        number
        priority
        state
        breaker
        lastError
        latencyP50Ms
        latencyP99Ms
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SourceHealthQuery, SourceHealthQueryVariables>;
export const GraphNowDocument = new TypedDocumentString(`
    query GraphNow {
  graph {
    version
    composedAt
    sdl
  }
}
    `) as unknown as TypedDocumentString<GraphNowQuery, GraphNowQueryVariables>;
export const GraphChangesDocument = new TypedDocumentString(`
    query GraphChanges($since: Int!) {
  graph {
    version
    changes(since: $since) {
      criticality
      path
      message
    }
  }
}
    `) as unknown as TypedDocumentString<GraphChangesQuery, GraphChangesQueryVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($first: Int! = 50, $after: String) {
  auditLog(first: $first, after: $after) {
    nodes {
      id
      at
      actor {
        id
        name
      }
      action
      target
      detail
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    `) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;
export const KeysDocument = new TypedDocumentString(`
    query Keys {
  keys {
    id
    name
    role
    createdAt
    createdBy
    expiresAt
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<KeysQuery, KeysQueryVariables>;
export const RegisterSourceDocument = new TypedDocumentString(`
    mutation RegisterSource($input: RegisterSourceInput!) {
  registerSource(input: $input) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<RegisterSourceMutation, RegisterSourceMutationVariables>;
export const ReviseSourceDocument = new TypedDocumentString(`
    mutation ReviseSource($input: ReviseSourceInput!) {
  reviseSource(input: $input) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<ReviseSourceMutation, ReviseSourceMutationVariables>;
export const UpdateSourceDocument = new TypedDocumentString(`
    mutation UpdateSource($input: UpdateSourceInput!) {
  updateSource(input: $input) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<UpdateSourceMutation, UpdateSourceMutationVariables>;
export const CheckSourceDocument = new TypedDocumentString(`
    mutation CheckSource($name: ID!, $revision: Int) {
  checkSource(name: $name, revision: $revision) {
    ok
    revision
    comparedWith
    breaking
    changes {
      criticality
      path
      message
    }
    conflicts {
      path
      message
    }
    warnings {
      kind
      path
      message
    }
    probe {
      ok
      latencyMs
      status
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<CheckSourceMutation, CheckSourceMutationVariables>;
export const PublishSourceDocument = new TypedDocumentString(`
    mutation PublishSource($name: ID!, $revision: Int, $acceptBreaking: Boolean! = false) {
  publishSource(name: $name, revision: $revision, acceptBreaking: $acceptBreaking) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<PublishSourceMutation, PublishSourceMutationVariables>;
export const RollbackSourceDocument = new TypedDocumentString(`
    mutation RollbackSource($name: ID!, $toRevision: Int!) {
  rollbackSource(name: $name, toRevision: $toRevision) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<RollbackSourceMutation, RollbackSourceMutationVariables>;
export const DeprecateSourceDocument = new TypedDocumentString(`
    mutation DeprecateSource($name: ID!, $reason: String!, $sunsetAt: DateTime) {
  deprecateSource(name: $name, reason: $reason, sunsetAt: $sunsetAt) {
    ...SourceSummary
    deprecation {
      reason
      sunsetAt
    }
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<DeprecateSourceMutation, DeprecateSourceMutationVariables>;
export const RetireSourceDocument = new TypedDocumentString(`
    mutation RetireSource($name: ID!) {
  retireSource(name: $name) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<RetireSourceMutation, RetireSourceMutationVariables>;
export const DeleteSourceDocument = new TypedDocumentString(`
    mutation DeleteSource($name: ID!) {
  deleteSource(name: $name)
}
    `) as unknown as TypedDocumentString<DeleteSourceMutation, DeleteSourceMutationVariables>;
export const PauseSourceDocument = new TypedDocumentString(`
    mutation PauseSource($name: ID!) {
  pauseSource(name: $name) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<PauseSourceMutation, PauseSourceMutationVariables>;
export const ResumeSourceDocument = new TypedDocumentString(`
    mutation ResumeSource($name: ID!) {
  resumeSource(name: $name) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<ResumeSourceMutation, ResumeSourceMutationVariables>;
export const IsolateEndpointDocument = new TypedDocumentString(`
    mutation IsolateEndpoint($source: ID!, $endpoint: Int!, $isolated: Boolean!) {
  isolateEndpoint(source: $source, endpoint: $endpoint, isolated: $isolated) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<IsolateEndpointMutation, IsolateEndpointMutationVariables>;
export const ResetBreakerDocument = new TypedDocumentString(`
    mutation ResetBreaker($source: ID!, $endpoint: Int!) {
  resetBreaker(source: $source, endpoint: $endpoint) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<ResetBreakerMutation, ResetBreakerMutationVariables>;
export const SourceDriftDocument = new TypedDocumentString(`
    query SourceDrift($name: ID!, $first: Int = 50) {
  source(name: $name) {
    name
    drift(first: $first) {
      operation
      path
      expected
      received
      count
      lastAt
    }
  }
}
    `) as unknown as TypedDocumentString<SourceDriftQuery, SourceDriftQueryVariables>;
export const SetPolicyDocument = new TypedDocumentString(`
    mutation SetPolicy($source: ID!, $operation: String, $policy: PolicyInput!) {
  setPolicy(source: $source, operation: $operation, policy: $policy) {
    ...SourceSummary
  }
}
    fragment SourceSummary on Source {
  name
  kind
  state
  paused
  visibility
  latestRevision
  live {
    number
  }
}`) as unknown as TypedDocumentString<SetPolicyMutation, SetPolicyMutationVariables>;
export const PurgeCacheDocument = new TypedDocumentString(`
    mutation PurgeCache($source: ID, $tags: [String!]) {
  purgeCache(source: $source, tags: $tags) {
    everything
    tags
  }
}
    `) as unknown as TypedDocumentString<PurgeCacheMutation, PurgeCacheMutationVariables>;
export const CreateKeyDocument = new TypedDocumentString(`
    mutation CreateKey($input: CreateKeyInput!) {
  createKey(input: $input) {
    key {
      id
      name
      role
      expiresAt
    }
    secret
  }
}
    `) as unknown as TypedDocumentString<CreateKeyMutation, CreateKeyMutationVariables>;
export const RevokeKeyDocument = new TypedDocumentString(`
    mutation RevokeKey($id: ID!) {
  revokeKey(id: $id) {
    id
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<RevokeKeyMutation, RevokeKeyMutationVariables>;
export const AddLinkDocument = new TypedDocumentString(`
    mutation AddLink($input: LinkInput!) {
  addLink(input: $input) {
    ...LinkParts
  }
}
    fragment LinkParts on Link {
  id
  source
  type
  field
  target
  operation
  arguments {
    name
    field
    value
    argument
  }
  select
  origin
  state
  problem
  batched
}`) as unknown as TypedDocumentString<AddLinkMutation, AddLinkMutationVariables>;
export const RemoveLinkDocument = new TypedDocumentString(`
    mutation RemoveLink($id: ID!) {
  removeLink(id: $id)
}
    `) as unknown as TypedDocumentString<RemoveLinkMutation, RemoveLinkMutationVariables>;
export const LinksOfSourceDocument = new TypedDocumentString(`
    query LinksOfSource($name: ID!) {
  source(name: $name) {
    links {
      ...LinkParts
    }
  }
}
    fragment LinkParts on Link {
  id
  source
  type
  field
  target
  operation
  arguments {
    name
    field
    value
    argument
  }
  select
  origin
  state
  problem
  batched
}`) as unknown as TypedDocumentString<LinksOfSourceQuery, LinksOfSourceQueryVariables>;
export const ProvidersDocument = new TypedDocumentString(`
    query Providers {
  providers {
    ...ProviderParts
  }
}
    fragment ProviderParts on Provider {
  name
  kind
  baseUrl
  credential
  headers {
    name
    value
  }
  organization
  project
  location
  region
  resourceName
  apiVersion
  version
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<ProvidersQuery, ProvidersQueryVariables>;
export const SetProviderDocument = new TypedDocumentString(`
    mutation SetProvider($input: ProviderInput!) {
  setProvider(input: $input) {
    ...ProviderParts
  }
}
    fragment ProviderParts on Provider {
  name
  kind
  baseUrl
  credential
  headers {
    name
    value
  }
  organization
  project
  location
  region
  resourceName
  apiVersion
  version
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<SetProviderMutation, SetProviderMutationVariables>;
export const RemoveProviderDocument = new TypedDocumentString(`
    mutation RemoveProvider($name: ID!) {
  removeProvider(name: $name)
}
    `) as unknown as TypedDocumentString<RemoveProviderMutation, RemoveProviderMutationVariables>;
export const ModelsDocument = new TypedDocumentString(`
    query Models($filter: ModelFilter, $first: Int! = 50, $after: String) {
  models(filter: $filter, first: $first, after: $after) {
    nodes {
      id
      provider
      name
      declared
      contextTokens
      maxOutputTokens
      inputs
      prices {
        input
        output
        cachedInput
        cacheWrite
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    `) as unknown as TypedDocumentString<ModelsQuery, ModelsQueryVariables>;
export const BudgetsDocument = new TypedDocumentString(`
    query Budgets {
  budgets {
    ...BudgetParts
  }
}
    fragment BudgetParts on Budget {
  kind
  id
  limits {
    window
    limit
    reserved
    spent
    unpriced
    resetsAt
  }
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<BudgetsQuery, BudgetsQueryVariables>;
export const SetBudgetDocument = new TypedDocumentString(`
    mutation SetBudget($input: BudgetInput!) {
  setBudget(input: $input) {
    ...BudgetParts
  }
}
    fragment BudgetParts on Budget {
  kind
  id
  limits {
    window
    limit
    reserved
    spent
    unpriced
    resetsAt
  }
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<SetBudgetMutation, SetBudgetMutationVariables>;
export const RemoveBudgetDocument = new TypedDocumentString(`
    mutation RemoveBudget($kind: BudgetSubjectKind!, $id: ID!) {
  removeBudget(kind: $kind, id: $id)
}
    `) as unknown as TypedDocumentString<RemoveBudgetMutation, RemoveBudgetMutationVariables>;