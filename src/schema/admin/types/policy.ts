import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { CacheScope } from '../enums.ts';
import { Json } from '../scalars.ts';

/*
 * A policy is given and shown in the same shape, so each class is an input and an object type at once.
 * The ranges are checked, and named in the refusal, by src/resolvers/admin/input/policy.ts.
 */

const optional = { nullable: true } as const;

@ObjectType('CachePolicy', { description: 'How long answers are kept, and for whom.' })
@InputType('CachePolicyInput', { description: 'How long answers are kept, and for whom.' })
export class CachePolicy {
  @Field(() => Int, {
    ...optional,
    description: "Seconds an answer is fresh. Default: what the upstream's headers say, else 0.",
  })
  ttlSeconds?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Seconds after freshness in which a stale answer may be served. Default 600.',
  })
  staleSeconds?: number | null;

  @Field(() => CacheScope, {
    ...optional,
    description: "Default: PRIVATE when a caller's credential is forwarded to the upstream, else PUBLIC.",
  })
  scope?: 'PUBLIC' | 'PRIVATE' | null;

  @Field(() => [String], { ...optional, description: 'Names by which purgeCache finds the answers.' })
  tags?: string[] | null;

  @Field(() => Int, { ...optional, description: 'Seconds a 404 or 410 is remembered. Default 0.' })
  negativeTtlSeconds?: number | null;

  @Field(() => String, {
    ...optional,
    description:
      'Field of the answer that grows with every version of the thing: an older one never replaces a newer one.',
  })
  versionField?: string | null;
}

@ObjectType('Fallback', { description: 'What is served when nothing else is there: a constant, or another operation.' })
@InputType('FallbackInput', {
  description: 'What is served when nothing else is there. Exactly one of value and operation.',
})
export class Fallback {
  @Field(() => Json, { ...optional, description: 'A constant, in the shape of what the upstream answers.' })
  value?: unknown;

  @Field(() => String, { ...optional, description: 'The name (operation id) of another operation of the same source.' })
  operation?: string | null;

  @Field(() => Json, { ...optional, description: "The other operation's arguments, an object. Only with `operation`." })
  arguments?: unknown;
}

@ObjectType('HealthCheck', { description: 'How endpoints are probed beside the traffic.' })
@InputType('HealthCheckInput', { description: 'How endpoints are probed beside the traffic.' })
export class HealthCheck {
  @Field(() => String, {
    ...optional,
    description: "Path below the endpoint's URL, such as `/health`. Default: a connect.",
  })
  path?: string | null;

  @Field(() => Int, { ...optional, description: 'Seconds between two probes. Default 5.' })
  intervalSeconds?: number | null;
}

@ObjectType('Policy', { description: 'Resilience, caching and limit settings. What is null has its default.' })
@InputType('PolicyInput', { description: 'Resilience, caching and limit settings. What is left out has its default.' })
export class Policy {
  @Field(() => Int, {
    ...optional,
    description: 'Milliseconds for a whole call with all its attempts. Default 10000, for prompts 60000.',
  })
  deadlineMs?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Milliseconds for one attempt at one endpoint. Default 3000, for prompts 30000.',
  })
  attemptTimeoutMs?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Milliseconds to wait for a fresh answer when a stale one is at hand. Default 200.',
  })
  softTimeoutMs?: number | null;

  @Field(() => Int, { ...optional, description: 'Further attempts after the first. Default 2.' })
  retries?: number | null;

  @Field(() => Int, {
    ...optional,
    description:
      'Subscriptions: tries in a row to open a lost upstream again before the subscription ends; 0: never. Default 10.',
  })
  reconnects?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Start a second attempt of a query after this many milliseconds without an answer. Default: never.',
  })
  hedgeAfterMs?: number | null;

  @Field(() => CachePolicy, { ...optional, description: 'How long answers are kept, and for whom.' })
  cache?: CachePolicy | null;

  @Field(() => Fallback, { ...optional, description: 'What is served when nothing else is there.' })
  fallback?: Fallback | null;

  @Field(() => HealthCheck, { ...optional, description: 'How endpoints are probed beside the traffic.' })
  healthCheck?: HealthCheck | null;

  @Field(() => Int, {
    ...optional,
    description: 'Fixed cap on calls in flight to the source. Default: a limit that follows its latency.',
  })
  maxConcurrency?: number | null;

  @Field(() => String, {
    ...optional,
    description: 'Request header that carries an idempotency key; with it a mutation may be retried.',
  })
  idempotencyHeader?: string | null;

  @Field(() => String, { ...optional, description: 'Request header that tells the upstream the milliseconds left.' })
  deadlineHeader?: string | null;

  @Field(() => Int, { ...optional, description: 'Redirects to follow. Default 0.' })
  followRedirects?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Prompts: milliseconds to the first piece of a streamed answer. Default 10000.',
  })
  firstTokenMs?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Prompts: milliseconds between two pieces of a streamed answer. Default 5000.',
  })
  nextTokenMs?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Prompts: tokens of an answer at most, whatever the prompt itself asks for.',
  })
  maxOutputTokens?: number | null;
}
