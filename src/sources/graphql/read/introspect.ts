import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  validateSchema,
} from 'graphql';
import { UpstreamFailure } from '../../../errors/index.ts';
import { type HttpResponse, registrationProblem } from '../../../upstream/index.ts';
import { Authenticator } from '../../shared/auth/auth.ts';
import { ClientCredentials } from '../../shared/auth/client-credentials.ts';
import { isRecord } from '../../shared/is-record.ts';
import type { ReadServices } from '../../source.ts';
import { GRAPHQL_ANSWERS, ownHeaders } from '../call/own-headers.ts';
import { withQuery } from '../call/sender.ts';
import type { GraphQLInput } from '../definition.ts';
import { MAX_SDL_BYTES } from './check-input.ts';

/** Milliseconds for one introspection query: large schemas take servers seconds. */
const TIMEOUT_MS = 15_000;
/** Introspection says at length what SDL says shortly. */
const MAX_ANSWER_BYTES = 4 * MAX_SDL_BYTES;
const REDIRECTS = 3;

export type Introspected =
  | { readonly kind: 'schema'; readonly schema: GraphQLSchema }
  /** It speaks GraphQL, but does not tell its schema. */
  | { readonly kind: 'refused' }
  /** It is what was told before. */
  | { readonly kind: 'unchanged' }
  /** `failure` goes on a sentence about the URL: `it …`. */
  | { readonly kind: 'unusable'; readonly failure: string; readonly reachable: boolean };

/** From what newer servers know to what all do: an unknown field is a refused document. */
const QUERIES = [
  getIntrospectionQuery({
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  }),
  getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }),
  getIntrospectionQuery(),
] as const;

/**
 * Asks a service for its schema, with the credentials and headers of its registration. `isNew` may say of an answer that
 * it need not be read.
 */
export async function introspect(
  url: string,
  input: Pick<GraphQLInput, 'auth' | 'headers'>,
  services: ReadServices,
  isNew: (body: Uint8Array) => boolean = () => true,
): Promise<Introspected> {
  const authenticator = authenticatorOf(input, services);
  try {
    let last: Introspected = { kind: 'refused' };
    for (const query of QUERIES) {
      const answer = await ask(url, query, input, authenticator, services);
      last = isNew(answer.body) ? readSchema(answer) : { kind: 'unchanged' };
      if (last.kind !== 'refused') return last;
    }
    return last;
  } catch (error: unknown) {
    if (!(error instanceof UpstreamFailure)) throw error;
    return { kind: 'unusable', failure: registrationProblem(error), reachable: false };
  } finally {
    authenticator.close();
  }
}

/** The SDL that a subgraph of Apollo Federation tells of itself; undefined when it does not. */
export async function serviceSdl(
  url: string,
  input: Pick<GraphQLInput, 'auth' | 'headers'>,
  services: ReadServices,
): Promise<string | undefined> {
  const authenticator = authenticatorOf(input, services);
  try {
    const { body } = await ask(url, '{_service{sdl}}', input, authenticator, services);
    const { sdl } = record(record(record(JSON.parse(body.toString('utf8'))).data)._service);
    return typeof sdl === 'string' ? sdl : undefined;
  } catch (error: unknown) {
    if (error instanceof UpstreamFailure || error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    authenticator.close();
  }
}

function authenticatorOf({ auth }: Pick<GraphQLInput, 'auth'>, { http, clock }: ReadServices): Authenticator {
  const tokens = auth !== undefined && 'oauth2' in auth ? new ClientCredentials(auth.oauth2, http, clock) : undefined;
  return new Authenticator(auth, tokens);
}

async function ask(
  url: string,
  query: string,
  input: Pick<GraphQLInput, 'auth' | 'headers'>,
  authenticator: Authenticator,
  { http, signal }: ReadServices,
): Promise<HttpResponse> {
  const credential = await authenticator.credential(signal);
  const headers = ownHeaders(GRAPHQL_ANSWERS, input.headers ?? []);
  for (const [name, value] of credential.headers) headers.set(name, value, "the source's credential");
  headers.addCookies(credential.cookies, "the source's credential");
  headers.set('content-type', 'application/json', 'Content-Type');
  return http.request({
    method: 'POST',
    url: withQuery(url, credential.query),
    headers: headers.toRecord(),
    body: JSON.stringify({ query }),
    signal,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
    followRedirects: REDIRECTS,
  });
}

function readSchema({ status, body }: HttpResponse): Introspected {
  const failed = (failure: string): Introspected => ({ kind: 'unusable', failure, reachable: true });
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    if (status < 200 || status > 299) return failed(`answered with HTTP status ${status}`);
    return failed('answered with something that is not GraphQL (no JSON)');
  }
  const { data, errors } = record(parsed);
  const { __schema: schema } = record(data);
  if (typeof schema === 'object' && schema !== null) return clientSchema(data, failed);
  // An unauthorised request is not a refusal to introspect: SDL would not help it.
  if (status === 401 || status === 403 || status >= 500) return failed(`answered with HTTP status ${status}`);
  if (Array.isArray(errors) && errors.length > 0) return { kind: 'refused' };
  if (status < 200 || status > 299) return failed(`answered with HTTP status ${status}`);
  if (data !== undefined) return failed(`answered introspection without a schema (${insteadOfSchema(data)})`);
  return failed('answered with something that is not GraphQL (neither data nor an error)');
}

function clientSchema(data: unknown, failed: (failure: string) => Introspected): Introspected {
  try {
    const schema = buildClientSchema(data as IntrospectionQuery);
    const [problem] = validateSchema(schema);
    if (problem === undefined) return { kind: 'schema', schema };
    return failed(`told a schema that is not valid (${problem.message})`);
  } catch (error: unknown) {
    return failed(`told a schema that cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** What came where `{ __schema: … }` was expected. */
function insteadOfSchema(data: unknown): string {
  if (!isRecord(data)) return `data is ${data === null ? 'null' : 'no object'}`;
  const names = Object.keys(data);
  if (names.length === 0) return 'data is empty';
  if (names.includes('__schema')) return '__schema is no object';
  const shown = names.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 40)));
  return `data has ${shown.join(', ')}${names.length > shown.length ? ' …' : ''} alone`;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
