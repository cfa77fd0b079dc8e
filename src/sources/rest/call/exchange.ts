import { UpstreamFailure } from '../../../errors/index.ts';
import type { Clock, Secret } from '../../../runtime/index.ts';
import type { AttemptContext, HttpClient, HttpResponse } from '../../../upstream/index.ts';
import type { Answer, Revalidation } from '../../ladder/index.ts';
import type { Policy } from '../../policy.ts';
import type { Authenticator, Credential } from '../../shared/auth/auth.ts';
import { excerptOf } from '../../shared/excerpt.ts';
import type { Forwarded } from '../../shared/forwarded.ts';
import { HeaderFields, isFieldValue, isFramingField } from '../../shared/header-fields.ts';
import { userAgent } from '../../shared/user-agent.ts';
import { linkAnswer } from '../pagination/linked-page.ts';
import type { PagePlan } from '../plan.ts';
import type { ReadAnswer } from './answer/read-answer.ts';
import type { RequestParts } from './request/build.ts';
import { baseOf, joinUrl, type Target } from './request/target.ts';

/** What the requests of one operation have in common. */
export interface OperationExchange {
  readonly method: string;
  readonly accept: string;
  readonly read: ReadAnswer;
  /** Answers are linked pages: each says where the next one is. */
  readonly linked: PagePlan | undefined;
  /** The operation's own server, when it has one. */
  readonly serverUrl: string | undefined;
  /** Undefined: the operation asks for no credential. */
  readonly authenticator: Authenticator | undefined;
  readonly ownerHeaders: readonly { readonly name: string; readonly value: string | Secret }[];
  /** Origins the document's servers have: only from there may an operation's own server lead elsewhere. */
  readonly documentOrigins: ReadonlySet<string>;
  readonly http: HttpClient;
  readonly clock: Clock;
}

/** One call: its arguments, its client's headers and its policy. */
export interface CallExchange {
  readonly parts: RequestParts;
  readonly forwarded: Forwarded;
  readonly policy: Policy;
  /** The same for all attempts of the call. */
  readonly idempotencyKey: string | undefined;
}

/**
 * Header fields that all attempts of a call share. Later ones win: arguments, then what the owner set,
 * then what the client sent and the owner forwards. Throws RequestRefused.
 */
export function callHeaders(operation: OperationExchange, call: CallExchange): HeaderFields {
  const fields = new HeaderFields();
  fields.set('accept', operation.accept, 'Accept');
  fields.set('user-agent', userAgent, 'User-Agent');
  const { parts, forwarded, policy, idempotencyKey } = call;
  for (const { name, value, argument } of parts.headers) fields.set(name, value, `the argument "${argument}"`, true);
  for (const { name, value } of operation.ownerHeaders) {
    if (isFramingField(name)) continue;
    const text = typeof value === 'string' ? value : value.reveal();
    fields.set(name, text, `the source's header "${name}"`);
  }
  for (const [name, value] of forwarded.headers) fields.set(name, value, `the forwarded header "${name}"`, true);
  fields.addCookies(parts.cookies, 'a cookie argument');
  if (parts.body !== undefined) fields.set('content-type', parts.body.contentType, 'Content-Type');
  if (policy.idempotencyHeader !== undefined && idempotencyKey !== undefined && !fields.has(policy.idempotencyHeader)) {
    fields.set(policy.idempotencyHeader, idempotencyKey, 'the idempotency key');
  }
  return fields;
}

/** Makes one attempt: one request, or two when the first tells that an access token has lost its worth. */
export async function attemptExchange(
  operation: OperationExchange,
  call: CallExchange,
  headers: HeaderFields,
  context: AttemptContext,
  revalidate: Revalidation | undefined,
): Promise<Answer> {
  const authenticator = operation.authenticator?.givesWayTo(call.forwarded.headers)
    ? undefined
    : operation.authenticator;
  const started = operation.clock.now();
  // What comes next may change while the page does not, and a 304 would speak of the page alone.
  const condition = operation.linked !== undefined ? undefined : conditionFor(headers, revalidate);
  let credential = await authenticator?.credential(context.signal);
  let response = await send(operation, call, headers, context, condition, credential, started);
  if (authenticator !== undefined && credential !== undefined && authenticator.refused(credential, response)) {
    credential = await authenticator.credential(context.signal);
    response = await send(operation, call, headers, context, condition, credential, started);
  }
  const answer = readOrKeep(operation, response, condition, credential);
  if (operation.linked === undefined) return answer;
  const base = baseOf(context.endpoint.url, operation.serverUrl, usesServerOrigin(operation, context));
  const url = joinUrl(
    context.endpoint.url,
    call.parts.target,
    operation.serverUrl,
    usesServerOrigin(operation, context),
  );
  return linkAnswer(answer, operation.linked, response.headers.link, { url, base, secrets: credential?.query ?? [] });
}

/** Reads a response; one that is no answer goes with the failure, for an admin to look at. */
function readOrKeep(
  operation: OperationExchange,
  response: HttpResponse,
  condition: Revalidation | undefined,
  credential: Credential | undefined,
): Answer {
  try {
    return operation.read(response, condition, operation.clock.now());
  } catch (error: unknown) {
    if (error instanceof UpstreamFailure) error.keepAnswer(excerptOf(response, secretsOf(operation, credential)));
    throw error;
  }
}

/** Whatever of a request its owner does not want to see again. */
function secretsOf(
  { authenticator, ownerHeaders }: OperationExchange,
  credential: Credential | undefined,
): readonly string[] {
  const headers = ownerHeaders.flatMap(({ value }) => (typeof value === 'string' ? [] : [value.reveal()]));
  const token = credential?.token === undefined ? [] : [credential.token];
  return [...headers, ...token, ...(authenticator?.secrets() ?? [])];
}

function usesServerOrigin(operation: OperationExchange, { endpoint }: AttemptContext): boolean {
  return operation.documentOrigins.has(new URL(endpoint.url).origin);
}

function send(
  operation: OperationExchange,
  call: CallExchange,
  shared: HeaderFields,
  context: AttemptContext,
  condition: Revalidation | undefined,
  credential: Credential | undefined,
  started: number,
): Promise<HttpResponse> {
  const { parts, policy } = call;
  const headers = shared.copy();
  for (const [name, value] of credential?.headers ?? []) headers.set(name, value, "the source's credential");
  headers.addCookies(credential?.cookies ?? [], "the source's credential");
  setCondition(headers, condition);
  const timeoutMs = Math.max(1, context.timeoutMs - (operation.clock.now() - started));
  if (policy.deadlineHeader !== undefined) {
    headers.set(policy.deadlineHeader, String(Math.floor(timeoutMs)), 'the deadline');
  }
  const target = withSecrets(parts.target, credential?.query ?? []);
  return operation.http.request({
    method: operation.method,
    url: joinUrl(context.endpoint.url, target, operation.serverUrl, usesServerOrigin(operation, context)),
    headers: headers.toRecord(),
    ...(parts.body === undefined ? {} : { body: parts.body.content }),
    signal: context.signal,
    timeoutMs,
    ...(policy.followRedirects === undefined ? {} : { followRedirects: policy.followRedirects }),
  });
}

/** Where the source's credential is a query parameter, an argument of its name does not get through. */
function withSecrets(target: Target, secrets: readonly string[]): Target {
  if (secrets.length === 0) return target;
  const names = secrets.map((pair) => pair.slice(0, pair.indexOf('=') + 1));
  const others = target.query.split('&').filter((pair) => pair !== '' && !names.some((name) => pair.startsWith(name)));
  return { path: target.path, query: [...others, ...secrets].join('&') };
}

/**
 * What the upstream is asked to confirm. Nothing when an argument is a condition of its own: a 304 would speak of
 * that; nor when what the upstream called its answer cannot be sent back.
 */
function conditionFor(headers: HeaderFields, revalidate: Revalidation | undefined): Revalidation | undefined {
  if (revalidate === undefined || headers.has('if-none-match') || headers.has('if-modified-since')) return undefined;
  const { etag, lastModified } = revalidate;
  if (etag !== undefined && isFieldValue(etag)) return { etag };
  return lastModified !== undefined && isFieldValue(lastModified) ? { lastModified } : undefined;
}

/** RFC 9110 section 13.1. */
function setCondition(headers: HeaderFields, condition: Revalidation | undefined): void {
  if (condition?.etag !== undefined) headers.set('if-none-match', condition.etag, 'an entity tag');
  else if (condition?.lastModified !== undefined) headers.set('if-modified-since', condition.lastModified, 'a date');
}
