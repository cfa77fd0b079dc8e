import { UpstreamFailure } from '../../../errors/index.ts';
import type { Clock } from '../../../runtime/index.ts';
import type { AttemptContext, HttpClient, HttpRequest, HttpResponse } from '../../../upstream/index.ts';
import type { Answer } from '../../ladder/index.ts';
import type { Policy } from '../../policy.ts';
import type { Authenticator, Credential } from '../../shared/auth/auth.ts';
import { excerptOf } from '../../shared/excerpt.ts';
import type { Forwarded } from '../../shared/forwarded.ts';
import type { HeaderFields } from '../../shared/header-fields.ts';
import { bodyText, type RootField, subRequest } from '../document/sub-request.ts';
import { GRAPHQL_ANSWERS, type OwnerHeaders, ownHeaders } from './own-headers.ts';
import { PersistedQueries } from './persisted-queries.ts';
import { type AskedField, type ReadAnswers, readAnswers } from './read-answers.ts';

/** One call, ready to be sent, alone or with others of the same request. */
export interface SendableCall extends RootField {
  readonly forwarded: Forwarded;
  readonly policy: Policy;
  /** The same for all attempts of the call. */
  readonly idempotencyKey: string | undefined;
}

export interface SenderOptions {
  readonly source: string;
  readonly authenticator: Authenticator;
  readonly ownerHeaders: OwnerHeaders;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Queries go by their hash, where the service can do that. */
  readonly persistedQueries: boolean;
}

interface Entry {
  readonly call: SendableCall;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: unknown) => void;
}

interface Received {
  readonly response: HttpResponse;
  readonly credential: Credential | undefined;
}

/** Sends calls whose attempts have the same context as one sub-request, and gives each its part of the answer. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #persisted: PersistedQueries | undefined;
  /** Calls with the same context come one right after the other. */
  #open: { readonly context: AttemptContext; readonly entries: Entry[] } | undefined;
  /** Those of a request to which its call adds nothing, kept unless there is a secret in them. */
  #plainHeaders: HeaderFields | undefined;
  readonly #hasSecretHeaders: boolean;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#hasSecretHeaders = options.ownerHeaders.some(({ value }) => typeof value !== 'string');
    this.#persisted = options.persistedQueries ? new PersistedQueries() : undefined;
  }

  /** One attempt. Rejects with UpstreamFailure; calls that failed as one reject with the same one. */
  send(call: SendableCall, context: AttemptContext): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const entry: Entry = { call, resolve, reject };
      if (this.#open?.context === context) {
        this.#open.entries.push(entry);
        return;
      }
      const open = { context, entries: [entry] };
      this.#open = open;
      queueMicrotask(() => {
        if (this.#open === open) this.#open = undefined;
        this.#sendAll(open.entries, context);
      });
    });
  }

  async #sendAll(entries: readonly Entry[], context: AttemptContext): Promise<void> {
    try {
      const calls = entries.map(({ call }) => call);
      const received = await this.#exchange(calls, context);
      const read = this.#read(
        received,
        calls.map(({ selection }) => selection),
      );
      if (read.kind === 'answers') {
        for (const [index, entry] of entries.entries()) settle(entry, read.answers[index]);
        return;
      }
      // What one field is refused for, or a root field that may not be null, is no reason to fail the others.
      if (entries.length === 1 || !mayBeOneFieldsFault(read.failure)) throw read.failure;
      await Promise.all(entries.map((entry) => this.#sendAll([entry], context)));
    } catch (error: unknown) {
      for (const { reject } of entries) reject(error);
    }
  }

  /** A response that is no answer, or not all of one, goes with the failure, for an admin to look at. */
  #read({ response, credential }: Received, fields: readonly AskedField[]): ReadAnswers {
    const { source, clock } = this.#options;
    const kept = <T>(failure: T): T => {
      if (failure instanceof UpstreamFailure) failure.keepAnswer(excerptOf(response, this.#secrets(credential)));
      return failure;
    };
    try {
      const read = readAnswers(source, response, fields, clock.now());
      if (read.kind === 'refused') kept(read.failure);
      else for (const answer of read.answers) kept(answer);
      return read;
    } catch (error: unknown) {
      throw kept(error);
    }
  }

  /** Whatever of a request its owner does not want to see again. */
  #secrets(credential: Credential | undefined): readonly string[] {
    const { authenticator, ownerHeaders } = this.#options;
    const headers = ownerHeaders.flatMap(({ value }) => (typeof value === 'string' ? [] : [value.reveal()]));
    return [...headers, ...(credential?.token === undefined ? [] : [credential.token]), ...authenticator.secrets()];
  }

  /** One request as a rule; more when an access token has lost its worth, or a query's hash is not known. */
  async #exchange(calls: readonly SendableCall[], context: AttemptContext): Promise<Received> {
    const { authenticator, clock } = this.#options;
    const [first] = calls;
    if (first === undefined) throw new Error('A sub-request must have at least one field.');
    const started = clock.now();
    const { kind } = first.operation;
    const request = subRequest(kind, calls);
    const headers = this.#headers(first);
    const proves = !authenticator.givesWayTo(first.forwarded.headers);
    let credential = proves ? await authenticator.credential(context.signal) : undefined;
    const post = async (body: string): Promise<HttpResponse> => {
      const response = await this.#request(body, headers, first.policy, context, credential, started);
      if (credential === undefined || !authenticator.refused(credential, response)) return response;
      credential = await authenticator.credential(context.signal);
      return this.#request(body, headers, first.policy, context, credential, started);
    };
    const persisted = kind === 'query' ? this.#persisted : undefined;
    const response = await (persisted === undefined ? post(bodyText(request)) : persisted.send(request, post));
    return { response, credential };
  }

  #headers({ forwarded, policy, idempotencyKey }: SendableCall): HeaderFields {
    const { idempotencyHeader } = policy;
    if (forwarded.headers.length === 0 && idempotencyHeader === undefined && !this.#hasSecretHeaders) {
      this.#plainHeaders ??= this.#jsonHeaders([]);
      return this.#plainHeaders;
    }
    const fields = this.#jsonHeaders(forwarded.headers);
    if (idempotencyHeader !== undefined && idempotencyKey !== undefined && !fields.has(idempotencyHeader)) {
      fields.set(idempotencyHeader, idempotencyKey, 'the idempotency key');
    }
    return fields;
  }

  #jsonHeaders(forwarded: Forwarded['headers']): HeaderFields {
    const fields = ownHeaders(GRAPHQL_ANSWERS, this.#options.ownerHeaders, forwarded);
    fields.set('content-type', 'application/json', 'Content-Type');
    return fields;
  }

  #request(
    body: string,
    shared: HeaderFields,
    policy: Policy,
    context: AttemptContext,
    credential: Credential | undefined,
    started: number,
  ): Promise<HttpResponse> {
    const timeoutMs = Math.max(1, context.timeoutMs - (this.#options.clock.now() - started));
    const request: Writable<HttpRequest> = {
      method: 'POST',
      url: withQuery(context.endpoint.url, credential?.query ?? []),
      headers: withOwn(shared, policy, credential, timeoutMs).toRecord(),
      body,
      signal: context.signal,
      timeoutMs,
    };
    if (policy.followRedirects !== undefined) request.followRedirects = policy.followRedirects;
    return this.#options.http.request(request);
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What all requests for the same calls have, with what this one has of its own, if anything. */
function withOwn(
  shared: HeaderFields,
  { deadlineHeader }: Policy,
  credential: Credential | undefined,
  timeoutMs: number,
): HeaderFields {
  const { headers: proofs = [], cookies = [] } = credential ?? {};
  if (proofs.length + cookies.length === 0 && deadlineHeader === undefined) return shared;
  const headers = shared.copy();
  for (const [name, value] of proofs) headers.set(name, value, "the source's credential");
  headers.addCookies(cookies, "the source's credential");
  if (deadlineHeader !== undefined) headers.set(deadlineHeader, String(Math.floor(timeoutMs)), 'the deadline');
  return headers;
}

function settle({ call, resolve, reject }: Entry, answer: Answer | UpstreamFailure | undefined): void {
  if (answer === undefined || answer instanceof UpstreamFailure) reject(answer);
  else resolve(call.policy.cache?.ttlSeconds === undefined ? answer : withoutBareNoStore(answer));
}

/**
 * Answers to POST are never kept unless something says so, and some servers (Apollo Server) say no-store of all that
 * nobody told them to keep. The owner's policy is that word; anything more an upstream says still counts.
 */
function withoutBareNoStore(answer: Answer): Answer {
  if (answer.headers['cache-control']?.trim().toLowerCase() !== 'no-store') return answer;
  const { 'cache-control': _, ...headers } = answer.headers;
  return { ...answer, headers };
}

/** Not a word about the endpoint, or about the caller's or the source's standing with it. */
function mayBeOneFieldsFault({ status, countsAgainstHealth, code }: UpstreamFailure): boolean {
  if (code === 'UPSTREAM_OVERLOADED' || countsAgainstHealth) return false;
  return status === undefined || status === 400 || status === 422;
}

export function withQuery(url: string, pairs: readonly string[]): string {
  if (pairs.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}
