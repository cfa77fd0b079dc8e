import type { HttpRequest, HttpResponse } from '../types.ts';
import { failures } from './failures.ts';
import { withoutContent, withoutCredentials } from './request-headers.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Whether the answer names another place for the request; 300 and 304 do not. */
export function isRedirect(response: HttpResponse): boolean {
  return REDIRECTS.has(response.status) && response.headers.location !== undefined;
}

/**
 * The request that a redirect asks for (RFC 9110 section 15.4). Headers that could be credentials stay behind
 * when the origin changes. Throws UpstreamFailure when the place is not a URL, or no longer encrypted.
 */
export function redirected(request: HttpRequest, response: HttpResponse): HttpRequest {
  const from = new URL(request.url);
  const location = response.headers.location ?? '';
  if (!URL.canParse(location, from)) throw failures.redirect('redirected to something that is not a URL');
  const to = new URL(location, from);
  if (from.protocol === 'https:' && to.protocol !== 'https:') {
    throw failures.redirect('redirected from https: to another scheme; expected to stay encrypted');
  }
  const becomesGet =
    (response.status === 303 && request.method !== 'HEAD') ||
    ((response.status === 301 || response.status === 302) && request.method === 'POST');
  const sameOrigin = from.origin === to.origin;
  const { body, ...rest } = request;
  const headers = sameOrigin ? request.headers : withoutCredentials(request.headers);
  if (becomesGet) return { ...rest, method: 'GET', url: to.href, headers: withoutContent(headers) };
  return { ...rest, url: to.href, headers, ...(body === undefined ? {} : { body }) };
}
