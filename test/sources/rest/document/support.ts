import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidDefinition, type Problem } from '../../../../src/errors/index.ts';
import { systemClock } from '../../../../src/runtime/index.ts';
import type { ReadServices } from '../../../../src/sources/index.ts';
import { createEgressGuard, createHttpClient, type HttpClient } from '../../../../src/upstream/index.ts';

/** What `read` may use: the real HTTP client, allowed to reach loopback unless told otherwise. */
export function readServices(
  options: { readonly loopback?: boolean; readonly more?: Partial<ReadServices> } = {},
): ReadServices & {
  readonly http: HttpClient;
} {
  const egress = createEgressGuard({ allow: [], allowPrivate: options.loopback ?? true });
  const http = createHttpClient({ egress, clock: systemClock });
  return { http, clock: systemClock, signal: new AbortController().signal, ...options.more };
}

/** Serves texts by path, and counts how often each was asked for. */
export async function serveTexts(texts: Readonly<Record<string, string>>): Promise<{
  readonly url: string;
  readonly asked: ReadonlyMap<string, number>;
  close(): Promise<void>;
}> {
  const asked = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const text = texts[path];
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text ?? 'There is nothing here.');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The problems a promise is refused with. */
export async function problemsOf(promise: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await promise;
  } catch (error: unknown) {
    if (error instanceof InvalidDefinition) return error.details.problems ?? [];
    throw error;
  }
  throw new Error('Expected an InvalidDefinition; it was taken.');
}
