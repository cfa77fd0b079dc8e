import type { Problem } from '../../../errors/index.ts';
import type { GraphQLInput } from '../definition.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** As for OpenAPI documents: larger ones are a mistake, or meant to hurt. */
export const MAX_SDL_BYTES = 8 * 1024 * 1024;

/** What is wrong with registration input before anything is asked of the upstream. Paths are those of the mutation. */
export function checkInput(input: GraphQLInput, sourceName: string): Problem[] {
  return [
    ...checkPlaces(input),
    ...checkSize(input),
    ...checkEndpoints(input),
    ...checkNames(input, sourceName),
    ...checkHeaders(input),
  ];
}

function checkPlaces({ url, sdl, endpoints }: GraphQLInput): Problem[] {
  if (url !== undefined) return checkUrl(url, 'input.graphql.url');
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

function checkSize({ sdl }: GraphQLInput): Problem[] {
  const bytes = Buffer.byteLength(sdl ?? '');
  if (bytes <= MAX_SDL_BYTES) return [];
  const message = `Expected SDL of at most ${MAX_SDL_BYTES / 1024 / 1024} MB; got ${(bytes / 1024 / 1024).toFixed(1)} MB.`;
  return [{ path: 'input.graphql.sdl', message }];
}

function checkUrl(text: string, path: string): Problem[] {
  const url = URL.parse(text);
  const shown = JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return [{ path, message: `Expected an absolute http or https URL; got ${shown}.` }];
  }
  if (url.username !== '' || url.password !== '') {
    return [{ path, message: 'Expected a URL without credentials (auth is the place for them); got one with.' }];
  }
  return url.hash === '' ? [] : [{ path, message: `Expected a URL without a fragment; got ${shown}.` }];
}

function checkEndpoints({ endpoints = [] }: GraphQLInput): Problem[] {
  return endpoints.flatMap(({ url, priority, weight }, index) => {
    const path = `input.graphql.endpoints.${index}`;
    const problems = checkUrl(url, `${path}.url`);
    if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0)) {
      problems.push({ path: `${path}.priority`, message: `Expected an integer from 0 up; got ${priority}.` });
    }
    if (weight !== undefined && !(Number.isFinite(weight) && weight > 0)) {
      problems.push({ path: `${path}.weight`, message: `Expected a number above 0; got ${weight}.` });
    }
    return problems;
  });
}

function checkNames({ namespace }: GraphQLInput, sourceName: string): Problem[] {
  const expect = 'Expected a GraphQL name: a letter, then letters, digits and _';
  const problems: Problem[] = [];
  if (!NAME.test(sourceName)) {
    problems.push({ path: 'input.name', message: `${expect}; got ${JSON.stringify(sourceName)}.` });
  }
  if (namespace !== undefined && namespace !== '' && !NAME.test(namespace)) {
    const message = `${expect}, or ""; got ${JSON.stringify(namespace)}.`;
    problems.push({ path: 'input.graphql.namespace', message });
  }
  return problems;
}

function checkHeaders({ headers = [], forwardHeaders = [] }: GraphQLInput): Problem[] {
  const check = (name: string, path: string): Problem[] =>
    HEADER_NAME.test(name)
      ? []
      : [{ path, message: `Expected the name of an HTTP header; got ${JSON.stringify(name)}.` }];
  return [
    ...headers.flatMap(({ name }, index) => check(name, `input.graphql.headers.${index}.name`)),
    ...forwardHeaders.flatMap((name, index) => check(name, `input.graphql.forwardHeaders.${index}`)),
  ];
}
