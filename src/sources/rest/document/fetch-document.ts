import { UpstreamFailure } from '../../../errors/index.ts';
import { registrationProblem } from '../../../upstream/index.ts';
import type { ReadServices } from '../../source.ts';
import type { FetchText } from './bundle.ts';
import { tooLarge } from './check-input.ts';
import type { DocumentProof } from './document-proof.ts';
import { FETCH_REDIRECTS, FETCH_TIMEOUT_MS, MAX_DOCUMENT_BYTES } from './limits.ts';

/** Statuses that a credential may change: 404 is how some hide what is there. */
const REFUSED = new Set([401, 403, 404, 407]);

const WITHHELD =
  " The source's credential and headers are sent to the origin of its endpoints only; give endpoints of that origin, " +
  'or the text of the document.';

/** Fetches documents under the egress rules. Says why it failed without naming addresses. */
export function documentFetcher(services: ReadServices, proof: DocumentProof): FetchText {
  return async (url) => {
    const request = await proof.request(url, services.signal);
    if ('failure' in request) return request;
    try {
      const answer = await services.http.request({
        method: 'GET',
        ...request,
        signal: services.signal,
        timeoutMs: FETCH_TIMEOUT_MS,
        maxBytes: MAX_DOCUMENT_BYTES,
        followRedirects: FETCH_REDIRECTS,
      });
      if (answer.status < 200 || answer.status > 299) {
        const withheld = REFUSED.has(answer.status) && proof.withheldFrom(url) ? WITHHELD : '';
        return { failure: `it answered with HTTP status ${answer.status}.${withheld}` };
      }
      return { text: answer.body.toString('utf8') };
    } catch (error: unknown) {
      if (!(error instanceof UpstreamFailure)) throw error;
      if (error.reason === 'http_response_body_size') return { failure: tooLarge(undefined) };
      return { failure: `it ${registrationProblem(error)}.` };
    }
  };
}
