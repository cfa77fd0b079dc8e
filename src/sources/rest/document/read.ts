import { InvalidDefinition, type Problem, UpstreamFailure } from '../../../errors/index.ts';
import { checkUrl } from '../../shared/check-url.ts';
import type { ReadServices } from '../../source.ts';
import type { RestDefinition, RestInput } from '../definition.ts';
import { describeRest, isDamage } from '../mapping/index.ts';
import { originalPointer } from '../openapi/original-pointer.ts';
import type { FetchText } from './bundle.ts';
import { checkInput } from './check-input.ts';
import { checkSelection } from './check-selection.ts';
import { DocumentProof } from './document-proof.ts';
import { documentFetcher } from './fetch-document.ts';
import { INLINE_CHARACTERS, INLINE_YAML_CHARACTERS, MAX_PROBLEMS } from './limits.ts';
import { prepareOffThread } from './off-thread.ts';
import { prepare } from './prepare.ts';
import { chooseEndpoints } from './servers.ts';
import { looksLikeJson } from './text.ts';

/** Milliseconds given to finding out whether the egress rules allow an endpoint. */
const EGRESS_CHECK_MS = 2_000;

/** Places of problems that leave no document to read. */
const DOCUMENT_PLACES = ['input.rest', 'input.rest.document', 'input.rest.url'];

/**
 * Checks registration input, fetches and reads its document, and makes the definition complete.
 * Throws InvalidDefinition with every problem found.
 */
export async function readRestDefinition(
  input: RestInput,
  sourceName: string,
  services: ReadServices,
): Promise<RestDefinition> {
  const problems = checkInput(input, sourceName);
  // What cannot be fetched cannot be read; anything else that is wrong leaves the document to be looked at as well.
  if (problems.some(({ path }) => DOCUMENT_PLACES.includes(path))) throw invalid(problems);
  const proof = new DocumentProof(input, services);
  try {
    return await readDocument(input, sourceName, services, documentFetcher(services, proof), problems);
  } finally {
    proof.close();
  }
}

async function readDocument(
  input: RestInput,
  sourceName: string,
  services: ReadServices,
  fetchText: FetchText,
  problems: Problem[],
): Promise<RestDefinition> {
  let text = input.document ?? '';
  if (input.url !== undefined) {
    const answer = await fetchText(input.url);
    if ('failure' in answer) {
      const message = `Expected an OpenAPI document at ${input.url}; ${answer.failure}`;
      throw invalid([...problems, { path: 'input.rest.url', message }]);
    }
    text = answer.text;
  }
  const given = { text, url: input.url, include: input.include ?? [], exclude: input.exclude ?? [] };
  const prepared =
    text.length > (looksLikeJson(text) ? INLINE_CHARACTERS : INLINE_YAML_CHARACTERS)
      ? await prepareOffThread(given, fetchText, services)
      : await prepare(given, fetchText);
  if (!prepared.ok) throw invalid([...problems, ...prepared.problems]);
  const { document, version, warnings } = prepared;
  const chosen = chooseEndpoints(input.endpoints, document, input.url);
  for (const problem of chosen.problems) {
    problems.push({ ...problem, path: originalPointer(problem.path, version) });
  }
  problems.push(...checkSelection(input, document));
  problems.push(...(await checkEgress(chosen.endpoints, input.endpoints !== undefined, services)));
  refuseIfAny(problems);
  const definition: RestDefinition = {
    document,
    url: input.url,
    originalVersion: version,
    readWarnings: [...warnings, ...chosen.warnings],
    endpoints: chosen.endpoints,
    namespace: input.namespace ?? sourceName,
    auth: input.auth,
    headers: input.headers ?? [],
    forwardHeaders: input.forwardHeaders ?? [],
    include: input.include ?? [],
    exclude: input.exclude ?? [],
    operations: input.operations ?? [],
    ...(input.entities === undefined ? {} : { entities: input.entities }),
    maps: input.maps ?? 'LIST',
  };
  if (input.strict === true) {
    const { warnings: found } = await describeRest(definition, sourceName);
    refuseIfAny(found.filter(({ kind }) => isDamage(kind)).map(({ path, message }) => ({ path, message })));
  }
  return definition;
}

/**
 * Endpoints that the egress rules forbid are refused; one that is merely dead is not:
 * a source may be registered while its upstream is down.
 */
async function checkEgress(
  endpoints: RestDefinition['endpoints'],
  given: boolean,
  services: ReadServices,
): Promise<Problem[]> {
  const problems = await Promise.all(
    endpoints.map(async ({ url }, index): Promise<Problem[]> => {
      if (checkUrl(url, '').length > 0) return [];
      try {
        await services.http.connect(url, { timeoutMs: EGRESS_CHECK_MS, signal: services.signal });
        return [];
      } catch (error: unknown) {
        if (!(error instanceof UpstreamFailure)) throw error;
        const { reason } = error;
        if (reason !== 'destination_ip_prohibited' && reason !== 'http_request_denied') return [];
        const path = given ? `input.rest.endpoints.${index}.url` : '/servers/0/url';
        return [{ path, message: `Expected a URL that the egress rules allow; got ${url}.` }];
      }
    }),
  );
  return problems.flat();
}

function refuseIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalid(problems);
}

function invalid(problems: readonly Problem[]): InvalidDefinition {
  const listed = problems.slice(0, MAX_PROBLEMS);
  const more = problems.length - listed.length;
  return new InvalidDefinition(
    more === 0 ? listed : [...listed, { path: '', message: `… and ${more} more problems.` }],
  );
}
