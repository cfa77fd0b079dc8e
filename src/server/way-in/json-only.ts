import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestRefused } from './refused.ts';

const MAX_TOLD = 100;

/** Bodies of a scope are JSON. Clients whose header says anything else are told so, and not what a text is not. */
export function acceptJsonOnly(scope: FastifyInstance): void {
  scope.removeContentTypeParser('text/plain');
  scope.addContentTypeParser('*', async ({ headers }: FastifyRequest) => {
    const got = headers['content-type']?.slice(0, MAX_TOLD) ?? 'none';
    const message = `Expected the header to be application/json, got ${got}.`;
    throw new RequestRefused([{ path: 'content-type', message }], 415);
  });
}
