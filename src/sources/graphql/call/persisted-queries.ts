import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../../upstream/index.ts';
import { bodyText, type SubRequest } from '../document/sub-request.ts';
import { readErrors } from './upstream-errors.ts';

/** Answers longer than this are not the refusal of a hash. */
const MAX_REFUSAL_BYTES = 16 * 1024;

/**
 * Automatic Persisted Queries: a query goes by its hash, and with its text only where the service does not know it.
 * https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export class PersistedQueries {
  #supported = true;

  /** Sends a query by its hash, as long as the service can do that. `post` sends one body. */
  async send(request: SubRequest, post: (body: string) => Promise<HttpResponse>): Promise<HttpResponse> {
    if (!this.#supported) return post(bodyText(request));
    const { query, ...rest } = request;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const answer = await post(bodyText({ ...rest, extensions }));
    switch (refusalOf(answer)) {
      case 'none':
        return answer;
      case 'not found':
        return post(bodyText({ query, ...rest, extensions }));
      case 'not supported':
        this.#supported = false;
        return post(bodyText(request));
      case 'unclear': {
        // A service that has never heard of hashes misses the query. If it can do with it, that was it.
        const plain = await post(bodyText(request));
        if (plain.status >= 200 && plain.status <= 299) this.#supported = false;
        return plain;
      }
    }
  }
}

type Refusal = 'none' | 'not found' | 'not supported' | 'unclear';

/** By code, or by the message that older services have in its place. */
function refusalOf({ status, body }: HttpResponse): Refusal {
  const unclear = status === 400 || status === 422 ? 'unclear' : 'none';
  if (body.length > MAX_REFUSAL_BYTES) return unclear;
  const text = body.toString('utf8');
  if (!/persisted_?query/i.test(text)) return unclear;
  let errors: unknown;
  try {
    ({ errors } = JSON.parse(text) as { readonly errors?: unknown });
  } catch {
    return unclear;
  }
  const words = [...(readErrors(errors) ?? []).map(({ code }) => code ?? ''), ...messagesOf(errors)];
  if (words.some((word) => /^persisted_?query_?not_?supported$/i.test(word))) return 'not supported';
  if (words.some((word) => /^persisted_?query_?not_?found$/i.test(word))) return 'not found';
  return unclear;
}

function messagesOf(errors: unknown): readonly string[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((error: unknown) => {
    return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  });
}
