import { type FaultServer, type ReceivedRequest, startFaultServer } from './fault-server.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

export interface RestGateway {
  readonly weir: TestGateway;
  /** The upstream of every source; it records what arrives. */
  readonly upstream: FaultServer;
  /** Registers and publishes a document whose upstream this is. `rest` is laid over the registration input. */
  publish(name: string, document: object | string, rest?: Record<string, unknown>): Promise<void>;
  /** The problems that registering is refused with. */
  problems(document: object | string, rest?: Record<string, unknown>): Promise<readonly GivenProblem[]>;
  /** The request that a query or mutation makes; it must make exactly one. */
  sent(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<ReceivedRequest>;
  /** The printed schema of a source's latest revision. */
  sdl(name: string): Promise<string>;
  /** The kinds of its warnings, each once, sorted. */
  warnings(name: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface GivenProblem {
  readonly path: string;
  readonly message: string;
}

const REGISTER = 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }';
const REVISION = 'query ($name: ID!) { source(name: $name) { revisions { number sdl warnings { kind path } } } }';

/** A whole gateway before a real HTTP server that records requests: from an OpenAPI document to the wire and back. */
export async function startRestGateway(): Promise<RestGateway> {
  const [weir, upstream] = await Promise.all([startTestGateway(), startFaultServer()]);
  const input = (name: string, document: object | string, rest: Record<string, unknown>) => ({
    name,
    visibility: 'PUBLIC',
    rest: { document: textOf(document), endpoints: [{ url: upstream.url }], ...rest },
  });
  const latest = async (name: string) => {
    const { data } = await weir.admin(REVISION, { name });
    const revisions = data.source.revisions as readonly {
      readonly number: number;
      readonly sdl: string;
      readonly warnings: readonly { readonly kind: string }[];
    }[];
    const found = revisions.toSorted((a, b) => b.number - a.number)[0];
    if (found === undefined) throw new Error(`Expected a revision of ${name}; there is none.`);
    return found;
  };
  return {
    weir,
    upstream,
    publish: (name, document, rest = {}) => weir.publish(input(name, document, rest)),
    async problems(document, rest = {}) {
      const { errors } = await weir.admin(REGISTER, { input: input('refused', document, rest) });
      const [error] = errors;
      if (error === undefined) throw new Error('Expected a refusal; the document was taken.');
      return (error.extensions.problems ?? []) as readonly GivenProblem[];
    },
    async sent(query, variables, headers) {
      const before = upstream.requests.length;
      const { errors } = await weir.query(query, variables, headers);
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
      const requests = upstream.requests.slice(before);
      const [request] = requests;
      if (request === undefined || requests.length > 1)
        throw new Error(`Expected one request; ${requests.length} came.`);
      return request;
    },
    sdl: async (name) => (await latest(name)).sdl,
    warnings: async (name) => [...new Set((await latest(name)).warnings.map(({ kind }) => kind))].sort(),
    close: async () => {
      await Promise.all([weir.close(), upstream.close()]);
    },
  };
}

function textOf(document: object | string): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

/** An OpenAPI 3.1 document of these paths; `more` may set the version, components, servers … */
export function openapi(paths: object, more: object = {}): object {
  return { openapi: '3.1.0', info: { title: 'Shop', version: '1' }, paths, ...more };
}

/** A GET that answers with this schema as JSON. */
export function getting(operationId: string, schema: object, more: object = {}): object {
  return {
    get: {
      operationId,
      responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
      ...more,
    },
  };
}
