import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';

/** An enum without a TypeScript enum: the values' names and their descriptions. */
type Values = Readonly<Record<string, string>>;
type EnumObject<V extends Values> = { readonly [Name in keyof V & string]: Name };

function enumType<V extends Values>(name: string, description: string, values: V): EnumObject<V> {
  const names = Object.keys(values) as (keyof V & string)[];
  const type = Object.fromEntries(names.map((value) => [value, value])) as EnumObject<V>;
  registerEnumType(type, {
    name,
    description,
    valuesConfig: Object.fromEntries(names.map((value) => [value, { description: values[value] ?? '' }])) as never,
  });
  return type;
}

export const SourceKind = enumType('SourceKind', 'What kind of upstream a source wraps.', {
  REST: 'A REST API, described by an OpenAPI document.',
  GRAPHQL: 'A GraphQL service.',
  PROMPT: 'A prompt, answered by an AI model.',
});

export const LifecycleState = enumType('LifecycleState', 'Where a source stands in its life.', {
  DRAFT: 'Registered, not yet in the graph.',
  PUBLISHED: 'In the graph.',
  DEPRECATED: 'In the graph, every field marked as deprecated.',
  RETIRED: 'No longer in the graph; may be published again or deleted.',
});

export const HealthState = enumType('HealthState', 'How a source or one of its endpoints is doing.', {
  HEALTHY: 'Answers well.',
  DEGRADED: 'Answers, but not all of it, or not well.',
  DOWN: 'Does not answer.',
  PAUSED: 'No calls go out, by hand.',
  UNKNOWN: 'Not in the graph, or not yet tried.',
});

export const BreakerState = enumType('BreakerState', 'The circuit breaker of an endpoint.', {
  CLOSED: 'Calls go out.',
  OPEN: 'No calls go out for now.',
  HALF_OPEN: 'One call is tried.',
});

export const Visibility = enumType('Visibility', 'Who may use a source once it is published.', {
  PUBLIC: 'Anyone, without a key.',
  SHARED: 'Callers with a key.',
  PRIVATE: 'Admins only.',
});

export const Role = enumType('Role', 'What a key may do.', {
  ADMIN: 'Everything, the admin API included.',
  CONSUMER: 'Query PUBLIC and SHARED sources.',
});

export const CallerKind = enumType('CallerKind', 'How a caller is known.', {
  ANONYMOUS: 'Without a key.',
  KEY: 'By a key.',
});

export const OperationKind = enumType('OperationKind', 'The root an operation stands in.', {
  QUERY: 'Reads.',
  MUTATION: 'Writes.',
  SUBSCRIPTION: 'Is subscribed to.',
});

export const Criticality = enumType('Criticality', 'What a change does to clients.', {
  BREAKING: 'Queries that were valid fail.',
  DANGEROUS: 'Queries stay valid, but clients may meet what they do not expect.',
  SAFE: 'Nothing that a client has to mind.',
});

export const CacheScope = enumType('CacheScope', 'Who may be given a cached answer.', {
  PUBLIC: 'Everybody.',
  PRIVATE: 'The caller for whom it was fetched.',
});

export const ApiKeyLocation = enumType('ApiKeyLocation', 'Where an API key is sent.', {
  HEADER: 'In a request header.',
  QUERY: 'In the query string.',
  COOKIE: 'In a cookie.',
});

export const ClientAuthentication = enumType(
  'ClientAuthentication',
  "How an OAuth 2 client's id and secret are sent.",
  {
    BASIC: 'As HTTP Basic authentication.',
    BODY: 'In the form body.',
  },
);

export const MapStyle = enumType('MapStyle', 'How an object with free keys and typed values stands in the graph.', {
  LIST: 'As a list of key and value, each value typed.',
  JSON: 'As one JSON value.',
});

export const LinkOrigin = enumType('LinkOrigin', 'Where a link comes from.', {
  ADDED: 'From addLink: it stays until removeLink, whatever revision is live.',
  REVISION: 'Given with the revision: it comes and goes with it.',
  DOCUMENT: "From the `links` of the source's own document.",
});

export const LinkState = enumType('LinkState', 'Whether a link is in the graph.', {
  ACTIVE: 'In the graph.',
  WAITING: 'Its source or its target is not in the graph.',
  BROKEN: 'It does not fit its source or its target any more.',
});

export const BatchForm = enumType('BatchForm', 'How the keys of a bulk call are sent.', {
  REPEATED: 'As a query parameter for each key: `ids=1&ids=2`.',
  COMMA: 'As one query parameter: `ids=1,2`.',
  JSON_BODY: 'As a list in the JSON body.',
});

export const OperationAs = enumType('OperationAs', 'The root an operation is to stand in.', {
  QUERY: 'It only reads, whatever its HTTP method: it may be retried, cached, and linked to.',
  MUTATION: 'It writes, whatever its HTTP method.',
});

export const PaginationStyle = enumType('PaginationStyle', 'How an upstream is told which page is wanted.', {
  PAGE: 'By the number of the page.',
  OFFSET: 'By the number of items before it.',
  CURSOR: 'By a cursor that the answer before has in its body.',
  LINK: 'By the address that the answer before gives, in its `Link` header (RFC 8288) or its body.',
});

export const ProviderKind = enumType('ProviderKind', "Which vendor's API a provider speaks.", {
  OPENAI: 'OpenAI.',
  AZURE_OPENAI: 'Azure OpenAI.',
  ANTHROPIC: 'Anthropic.',
  GOOGLE: 'Google Gemini.',
  GOOGLE_VERTEX: 'Google Vertex AI.',
  AMAZON_BEDROCK: 'Amazon Bedrock.',
  MISTRAL: 'Mistral.',
  COHERE: 'Cohere.',
  XAI: 'xAI.',
  GROQ: 'Groq.',
  DEEPSEEK: 'DeepSeek.',
  OPENAI_COMPATIBLE: 'Any server that speaks the OpenAI format: vLLM, Ollama, OpenRouter, Together and others.',
});

export const ProviderCredentialKind = enumType('ProviderCredentialKind', 'What a credential is.', {
  API_KEY: 'An API key.',
  ACCESS_KEY: 'A pair of AWS keys.',
  SERVICE_ACCOUNT: 'A Google service account.',
  ACCESS_TOKEN: 'An access token of Google.',
});

export const BudgetSubjectKind = enumType('BudgetSubjectKind', 'What a budget limits.', {
  KEY: 'What a caller takes, by the id of its key.',
  SOURCE: 'What a prompt takes.',
  PROVIDER: "What is taken of a vendor's account.",
  MODEL: 'What is taken of one model of an account.',
});

export const BudgetWindow = enumType('BudgetWindow', 'What a limit counts, over which time.', {
  REQUESTS_PER_MINUTE: 'Calls of models in a minute of the clock.',
  TOKENS_PER_MINUTE: 'Tokens in a minute of the clock.',
  USD_PER_DAY: 'USD in a day of UTC.',
  USD_PER_MONTH: 'USD in a month of UTC.',
});

export const ReasoningEffort = enumType('ReasoningEffort', 'How long a model thinks before it answers.', {
  NONE: 'Not at all.',
  MINIMAL: 'As little as it can.',
  LOW: 'A little.',
  MEDIUM: 'In between.',
  HIGH: 'Long.',
  XHIGH: 'As long as it can.',
});

export const SubscriptionTransport = enumType('SubscriptionTransport', 'What subscriptions of an upstream go over.', {
  WS: 'A WebSocket, by the protocol graphql-transport-ws.',
  SSE: 'Server-Sent Events, a request for each subscription.',
});

export const SubscriptionInitPayload = enumType('SubscriptionInitPayload', 'What `connection_init` carries.', {
  NONE: 'Nothing.',
  HEADERS: 'The headers of the upgrade, the credential among them.',
});

/** The names of an enum's values. */
export type ValueOf<E> = E[keyof E];
