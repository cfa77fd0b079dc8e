import type { GraphQLSchema } from 'graphql';
import { InvalidDefinition, type Problem, UpstreamFailure } from '../../../errors/index.ts';
import type { EntityRelations, EntitySpec } from '../../entity/index.ts';
import type { ReadServices, Warning } from '../../source.ts';
import type { GraphQLDefinition, GraphQLInput } from '../definition.ts';
import { federated } from '../federation/federated.ts';
import { subscriptionUrl } from '../subscribe/subscription-url.ts';
import { disagreements } from './agreement.ts';
import { checkInput } from './check-input.ts';
import { introspect } from './introspect.ts';
import { printUpstream } from './print-schema.ts';
import { type ReadSdl, readSdl } from './read-sdl.ts';

/** Milliseconds given to finding out whether the egress rules allow an endpoint. */
const EGRESS_CHECK_MS = 2_000;
/** Problems told at once. */
const MAX_PROBLEMS = 100;
const URL_PLACE = 'input.graphql.url';

/**
 * Checks registration input, asks the upstream for its schema and makes the definition complete.
 * Throws InvalidDefinition with every problem found.
 */
export async function readGraphQLDefinition(
  input: GraphQLInput,
  sourceName: string,
  services: ReadServices,
): Promise<GraphQLDefinition> {
  const given = input.sdl === undefined ? undefined : readSdl(input.sdl);
  refuseIfAny([...checkInput(input, sourceName), ...(given?.ok === false ? given.problems : [])]);
  const endpoints = endpointsOf(input);
  const [told, forbidden] = await Promise.all([
    schemaOf(input, given?.ok === true ? given : undefined, services),
    forbiddenEndpoints(input, services),
  ]);
  refuseIfAny([...told.problems, ...forbidden]);
  const entities = entitiesOf(input, told);
  const relations = relationsOf(input, told);
  return {
    sdl: told.sdl,
    url: input.url,
    readWarnings: told.warnings,
    endpoints,
    namespace: input.namespace ?? sourceName,
    ...(input.typePrefix === undefined ? {} : { typePrefix: input.typePrefix }),
    auth: input.auth,
    headers: input.headers ?? [],
    forwardHeaders: input.forwardHeaders ?? [],
    ...(entities.length === 0 ? {} : { entities }),
    ...(told.entities === undefined || input.entities === undefined ? {} : { givenEntities: input.entities }),
    ...(relations === undefined ? {} : { relations }),
    ...(told.entities === undefined ? {} : { subgraph: true }),
    ...(input.subscriptions === undefined ? {} : { subscriptions: input.subscriptions }),
    ...(given === undefined ? {} : { isPart: true }),
    ...(input.pollSeconds === undefined ? {} : { pollSeconds: input.pollSeconds }),
    ...(input.publishSafeChanges === true ? { publishSafeChanges: true } : {}),
    ...(input.persistedQueries === true ? { persistedQueries: true } : {}),
  };
}

function endpointsOf({ endpoints, url }: GraphQLInput): GraphQLDefinition['endpoints'] {
  if (endpoints === undefined || endpoints.length === 0) return [{ url: url ?? '', priority: 0, weight: 1 }];
  return endpoints.map((endpoint) => ({
    url: endpoint.url,
    priority: endpoint.priority ?? 0,
    weight: endpoint.weight ?? 1,
  }));
}

/** For each type the owner's word about it goes before that of a subgraph. */
function entitiesOf({ entities: given = [] }: GraphQLInput, { entities: own = [] }: Told): readonly EntitySpec[] {
  const types = new Set(given.map(({ type }) => type));
  return [...given, ...own.filter(({ type }) => !types.has(type))];
}

function relationsOf({ entities = [] }: GraphQLInput, { relations }: Told): EntityRelations | undefined {
  if (relations === undefined) return undefined;
  const types = new Set(entities.map(({ type }) => type));
  const { keyedInterfaces } = relations;
  const overrides = relations.overrides.filter(({ type }) => !types.has(type));
  const interfaceObjects = relations.interfaceObjects.filter((type) => !types.has(type));
  if (overrides.length + interfaceObjects.length + keyedInterfaces.length === 0) return undefined;
  return { overrides, keyedInterfaces, interfaceObjects };
}

export interface Told {
  readonly sdl: string;
  readonly warnings: readonly Warning[];
  readonly problems: readonly Problem[];
  /** Those that it declares itself, as a subgraph of Apollo Federation. */
  readonly entities?: readonly EntitySpec[];
  readonly relations?: EntityRelations;
}

/** The SDL that was given, confirmed by the upstream where that can be had; without SDL what the upstream tells. */
async function schemaOf(
  input: GraphQLInput,
  given: Extract<ReadSdl, { ok: true }> | undefined,
  services: ReadServices,
): Promise<Told> {
  const { url } = input;
  const { entities, relations } = given ?? {};
  const own = entities === undefined || relations === undefined ? {} : { entities, relations };
  if (url === undefined) return { sdl: given?.sdl ?? '', warnings: given?.warnings ?? [], problems: [], ...own };
  const introspected = await introspect(url, input, services);
  if (introspected.kind === 'schema') {
    const { schema } = introspected;
    if (given === undefined) return wholeOf(url, schema, input, services);
    return { sdl: given.sdl, warnings: given.warnings, problems: disagreements(given.schema, schema), ...own };
  }
  const why = introspected.kind === 'unusable' ? introspected.failure : 'refused introspection';
  if (given === undefined) {
    const help =
      introspected.kind === 'refused' ? ' Give its schema in input.graphql.sdl, or let Weir introspect it.' : '';
    return {
      sdl: '',
      warnings: [],
      problems: [{ path: URL_PLACE, message: `Expected a GraphQL service at ${url}; it ${why}.${help}` }],
    };
  }
  if (introspected.kind === 'unusable' && introspected.reachable) {
    return {
      sdl: '',
      warnings: [],
      problems: [{ path: URL_PLACE, message: `Expected a GraphQL service at ${url}; it ${why}.` }],
    };
  }
  const message = `The SDL could not be compared with the upstream: it ${why}.`;
  return {
    sdl: given.sdl,
    warnings: [...given.warnings, { kind: 'NOT_COMPARED', path: URL_PLACE, message }],
    problems: [],
    ...own,
  };
}

/** All that the upstream tells, as a subgraph if it is one. */
export async function wholeOf(
  url: string,
  schema: GraphQLSchema,
  input: Pick<GraphQLInput, 'auth' | 'headers'>,
  services: ReadServices,
): Promise<Told> {
  const { sdl, warnings } = printUpstream(schema);
  const subgraph = await federated(url, { schema, sdl }, input, services);
  if (subgraph === undefined) return { sdl, warnings, problems: [] };
  return { ...subgraph, warnings: [...warnings, ...subgraph.warnings], problems: [] };
}

/**
 * Endpoints that the egress rules forbid are refused; one that is merely dead is not: a source may be registered by
 * its SDL while its upstream is down.
 */
async function forbiddenEndpoints(input: GraphQLInput, services: ReadServices): Promise<Problem[]> {
  const places = [
    ...(input.url === undefined ? [] : [{ url: input.url, path: URL_PLACE }]),
    ...(input.endpoints ?? []).map(({ url }, index) => ({ url, path: `input.graphql.endpoints.${index}.url` })),
    ...subscriptionPlaces(input),
  ];
  const problems = await Promise.all(
    places.map(async ({ url, path }): Promise<Problem[]> => {
      try {
        await services.http.connect(url, { timeoutMs: EGRESS_CHECK_MS, signal: services.signal });
        return [];
      } catch (error: unknown) {
        if (!(error instanceof UpstreamFailure)) throw error;
        const { reason } = error;
        if (reason !== 'destination_ip_prohibited' && reason !== 'http_request_denied') return [];
        return [{ path, message: `Expected a URL that the egress rules allow; got ${url}.` }];
      }
    }),
  );
  return problems.flat();
}

/** Where its subscriptions go, unless that is where everything goes. */
function subscriptionPlaces(input: GraphQLInput): readonly { readonly url: string; readonly path: string }[] {
  if (input.subscriptions?.url === undefined) return [];
  const urls = endpointsOf(input).map(({ url }) => subscriptionUrl(url, input.subscriptions));
  return [...new Set(urls)].flatMap((url) =>
    url === undefined ? [] : [{ url, path: 'input.graphql.subscriptions.url' }],
  );
}

function refuseIfAny(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const listed = problems.slice(0, MAX_PROBLEMS);
  const more = problems.length - listed.length;
  throw new InvalidDefinition(more === 0 ? listed : [...listed, { path: '', message: `… and ${more} more problems.` }]);
}
