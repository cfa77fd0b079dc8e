import { UpstreamFailure } from '../../../errors/index.ts';
import { registrationProblem } from '../../../upstream/index.ts';
import type { ReadServices } from '../../source.ts';
import type { FetchText } from './bundle.ts';
import { tooLarge } from './check-input.ts';
import { FETCH_REDIRECTS, FETCH_TIMEOUT_MS, MAX_DOCUMENT_BYTES } from './limits.ts';

/** Fetches documents under the egress rules. Says why it failed without naming addresses. */
export function documentFetcher(services: ReadServices): FetchText {
  return async (url) => {
    try {
      const answer = await services.http.request({
        method: 'GET',
        url,
        headers: { accept: 'application/json, application/yaml;q=0.9, text/yaml;q=0.8, */*;q=0.5' },
        signal: services.signal,
        timeoutMs: FETCH_TIMEOUT_MS,
        maxBytes: MAX_DOCUMENT_BYTES,
        followRedirects: FETCH_REDIRECTS,
      });
      if (answer.status < 200 || answer.status > 299) {
        return { failure: `it answered with HTTP status ${answer.status}.` };
      }
      return { text: answer.body.toString('utf8') };
    } catch (error: unknown) {
      if (!(error instanceof UpstreamFailure)) throw error;
      if (error.reason === 'http_response_body_size') return { failure: tooLarge(undefined) };
      return { failure: `it ${registrationProblem(error)}.` };
    }
  };
}
