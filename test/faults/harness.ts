import { type FaultServer, startFaultServer } from '../support/fault-server.ts';
import { type Answer, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const thing = {
  type: 'object',
  properties: { id: { type: 'string' }, name: { type: 'string' } },
};
const answers = { 200: { description: 'ok', content: { 'application/json': { schema: thing } } } };
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

export const THINGS = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'things', version: '1' },
  paths: {
    '/things/{id}': { get: { operationId: 'getThing', parameters: [id], responses: answers } },
    '/things': { post: { operationId: 'makeThing', responses: answers } },
  },
});

/** In faulty bodies; must reach no client. */
export const SECRET = 'UPSTREAM-SECRET-51c2';

/** Four sources with the same primary: nothing else; a backup; an answer from before; a declared fallback. */
export const ROLES = ['cold', 'backed', 'warm', 'declared'] as const;
export type Role = (typeof ROLES)[number];

export const goodThing = (path: string, name: string): { id: string; name: string } => ({
  id: path.split('/').at(-1) ?? '',
  name,
});

export interface Faults {
  readonly weir: TestGateway;
  readonly primary: FaultServer;
  readonly backup: FaultServer;
  /** Publishes the roles under this prefix while the primary is well, and warms the warm one. */
  publish(prefix: string, options?: PublishOptions): Promise<void>;
  /** One query that asks these roles and a sibling source. */
  ask(prefix: string, roles?: readonly Role[], id?: string, headers?: Record<string, string>): Promise<Answer>;
  /** The primary is well again, and has forgotten what it saw. */
  heal(): void;
  close(): Promise<void>;
}

export interface PublishOptions {
  readonly policy?: Record<string, unknown>;
  readonly roles?: readonly Role[];
  /** Default: the primary's URL. */
  readonly primaryUrl?: string;
}

export async function startFaults(): Promise<Faults> {
  const [weir, primary, backup, sibling] = await Promise.all([
    startTestGateway(),
    startFaultServer(),
    startFaultServer(),
    startFaultServer(),
  ]);
  const heal = (): void => primary.behave((request) => ({ kind: 'answer', body: goodThing(request.path, 'primary') }));
  heal();
  backup.behave((request) => ({ kind: 'answer', body: goodThing(request.path, 'backup') }));
  sibling.behave((request) => ({ kind: 'answer', body: goodThing(request.path, 'sibling') }));
  const source = (name: string, endpoints: readonly object[], more: object = {}) =>
    weir.publish({ name, visibility: 'PUBLIC', rest: { document: THINGS, endpoints, ...more } });
  await source('sibling', [{ url: sibling.url }]);

  const ask: Faults['ask'] = (prefix, roles = ROLES, wanted = 'one', headers = {}) => {
    const fields = roles.map((role) => `${prefix}${role} { getThing(id: "${wanted}") { id name } }`);
    const query = `{ ${fields.join(' ')} sibling { getThing(id: "s") { name } } }`;
    return weir.query(query, {}, { 'weir-trace': '1', ...headers });
  };

  return {
    weir,
    primary,
    backup,
    ask,
    heal,
    async publish(prefix, { policy = {}, roles = ROLES, primaryUrl = primary.url } = {}) {
      const fallback = { value: { id: 'fallback', name: 'declared' } };
      for (const role of roles) {
        const endpoints = [{ url: primaryUrl }, ...(role === 'backed' ? [{ url: backup.url, priority: 1 }] : [])];
        const operations = role === 'declared' ? [{ operation: 'getThing', policy: { fallback } }] : undefined;
        await weir.publish({
          name: `${prefix}${role}`,
          visibility: 'PUBLIC',
          rest: { document: THINGS, endpoints, operations },
          policy,
        });
      }
      if (roles.includes('warm')) await ask(prefix, ['warm']);
    },
    async close() {
      await weir.close();
      await Promise.all([primary.close(), backup.close(), sibling.close()]);
    },
  };
}

/** How a role was served: the outcome, and of a failure the code and reason. */
export function served(answer: Answer, source: string): string {
  const call = answer.extensions.weir?.calls?.find((one: { source: string }) => one.source === source);
  const error = answer.errors.find(({ path }) => path?.[0] === source);
  return [call?.outcome, error?.extensions.code, error?.extensions.reason].filter(Boolean).join(' ');
}
