import type { Problem } from '../../../errors/index.ts';
import type { EndpointInput } from '../definition.ts';
import { type JsonObject, ownArray } from '../openapi/json.ts';
import { serverUrl } from '../openapi/server-url.ts';
import type { ReadWarning } from './findings.ts';

export interface Endpoints {
  readonly endpoints: readonly { readonly url: string; readonly priority: number; readonly weight: number }[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly ReadWarning[];
}

/** The endpoints as given; without any, the document's first server. */
export function chooseEndpoints(
  given: readonly EndpointInput[] | undefined,
  document: JsonObject,
  documentUrl: string | undefined,
): Endpoints {
  if (given !== undefined && given.length > 0) {
    const endpoints = given.map(({ url, priority, weight }) => ({
      url: trimSlash(url),
      priority: priority ?? 0,
      weight: weight ?? 1,
    }));
    return { endpoints, problems: [], warnings: [] };
  }
  const servers = ownArray(document, 'servers') ?? [];
  const urls = servers.map((server) => serverUrl(server));
  const first = urls[0] ?? '/';
  const url = URL.parse(first.startsWith('//') ? `https:${first}` : first, documentUrl);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    const message =
      `Expected a server with an absolute http or https URL, or endpoints with the registration; ` +
      `got ${servers.length === 0 ? 'no server' : JSON.stringify(first)}.`;
    return { endpoints: [], problems: [{ path: '/servers', message }], warnings: [] };
  }
  // Further servers are as often a sandbox or another tenant as a replica: none is a backup unless its owner says so.
  const warnings: ReadWarning[] =
    urls.length > 1
      ? [
          {
            kind: 'SERVERS_IGNORED',
            path: '/servers',
            message: `Only the first of ${urls.length} servers is used; give endpoints to use others as backups.`,
          },
        ]
      : [];
  return { endpoints: [{ url: trimSlash(url.href), priority: 0, weight: 1 }], problems: [], warnings };
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
