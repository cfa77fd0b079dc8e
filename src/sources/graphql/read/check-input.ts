import type { Problem } from '../../../errors/index.ts';
import { checkCredentials } from '../../shared/check-credentials.ts';
import { checkEndpoints } from '../../shared/check-endpoints.ts';
import { checkNeverSent } from '../../shared/check-never-sent.ts';
import { checkUrl } from '../../shared/check-url.ts';
import type { GraphQLInput } from '../definition.ts';
import { subscriptionUrl } from '../subscribe/subscription-url.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * A relative one has no colon in its first segment (RFC 3986, section 4.2), which URL parsers let pass; a slip in a scheme would
 * make a path of it.
 */
const URL_OR_RELATIVE = /^(?:(?:ws|http)s?:\/\/|(?![^/?#]*:))\S+$/i;

/** As for OpenAPI documents: larger ones are a mistake, or meant to hurt. */
export const MAX_SDL_BYTES = 8 * 1024 * 1024;

/** What is wrong with registration input before anything is asked of the upstream. Paths are those of the mutation. */
export function checkInput(input: GraphQLInput, sourceName: string): Problem[] {
  return [
    ...checkPlaces(input),
    ...checkSize(input),
    ...checkEndpoints(input.endpoints, 'input.graphql.endpoints', 'whole'),
    ...checkNames(input, sourceName),
    ...checkCredentials(input, 'input.graphql'),
    ...checkNeverSent(input, 'input.graphql'),
    ...checkSubscriptions(input),
    ...checkPolling(input),
    ...checkPublishing(input),
  ];
}

function checkPlaces({ url, sdl, endpoints }: GraphQLInput): Problem[] {
  if (url !== undefined) return checkOwnUrl(url, 'input.graphql.url');
  const lacks: Problem[] = [];
  if (sdl === undefined) {
    const message = 'Expected the url of the service, or its SDL in input.graphql.sdl; got neither.';
    lacks.push({ path: 'input.graphql.url', message });
  } else if (endpoints === undefined || endpoints.length === 0) {
    const message = 'Expected a url or endpoints, so that the service can be called; got neither.';
    lacks.push({ path: 'input.graphql.endpoints', message });
  }
  return lacks;
}

/** It is an endpoint as well, unless there are others. */
function checkOwnUrl(url: string, path: string): Problem[] {
  const problems = checkUrl(url, path);
  if (problems.length > 0 || !url.includes('#')) return problems;
  return [{ path, message: `Expected a URL without a fragment; got ${JSON.stringify(url)}.` }];
}

function checkSubscriptions({ url, endpoints = [], subscriptions }: GraphQLInput): Problem[] {
  if (subscriptions?.url === undefined) return [];
  const path = 'input.graphql.subscriptions.url';
  const [from] = [...endpoints.map((endpoint) => endpoint.url), url ?? 'http://relative.invalid/'];
  const readable = from !== undefined && URL_OR_RELATIVE.test(subscriptions.url);
  const resolved = readable ? subscriptionUrl(from, subscriptions) : undefined;
  if (resolved !== undefined) return checkOwnUrl(resolved, path);
  const message = `Expected a ws, wss, http or https URL, or one relative to the endpoints; got ${JSON.stringify(subscriptions.url)}.`;
  return [{ path, message }];
}

function checkPolling({ pollSeconds }: GraphQLInput): Problem[] {
  if (pollSeconds === undefined || (Number.isInteger(pollSeconds) && pollSeconds >= 1 && pollSeconds <= 86_400))
    return [];
  const message = `Expected an integer from 1 to 86400; got ${pollSeconds}.`;
  return [{ path: 'input.graphql.pollSeconds', message }];
}

/** What nobody looks for, and what the owner alone knows, cannot be published when it changes. */
function checkPublishing({ publishSafeChanges, pollSeconds, sdl }: GraphQLInput): Problem[] {
  if (publishSafeChanges !== true) return [];
  const path = 'input.graphql.publishSafeChanges';
  const problems: Problem[] = [];
  if (pollSeconds === undefined) {
    const message = 'Expected pollSeconds beside it, so that changes are looked for; got none.';
    problems.push({ path, message });
  }
  if (sdl !== undefined) {
    const message = 'Expected no sdl beside it: what the owner gave as the schema changes by reviseSource alone.';
    problems.push({ path, message });
  }
  return problems;
}

function checkSize({ sdl }: GraphQLInput): Problem[] {
  const bytes = Buffer.byteLength(sdl ?? '');
  if (bytes <= MAX_SDL_BYTES) return [];
  const message = `Expected SDL of at most ${MAX_SDL_BYTES / 1024 / 1024} MB; got ${(bytes / 1024 / 1024).toFixed(1)} MB.`;
  return [{ path: 'input.graphql.sdl', message }];
}

function checkNames({ namespace, typePrefix }: GraphQLInput, sourceName: string): Problem[] {
  const expect = 'Expected a GraphQL name: a letter, then letters, digits and _';
  const problems: Problem[] = [];
  if (!NAME.test(sourceName)) {
    problems.push({ path: 'input.name', message: `${expect}; got ${JSON.stringify(sourceName)}.` });
  }
  if (namespace !== undefined && namespace !== '' && !NAME.test(namespace)) {
    const message = `${expect}, or ""; got ${JSON.stringify(namespace)}.`;
    problems.push({ path: 'input.graphql.namespace', message });
  }
  if (typePrefix !== undefined && typePrefix !== '' && !NAME.test(typePrefix)) {
    const message = `${expect}, or ""; got ${JSON.stringify(typePrefix)}.`;
    problems.push({ path: 'input.graphql.typePrefix', message });
  }
  return problems;
}
