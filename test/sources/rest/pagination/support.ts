import { createMemoryCallCache } from '../../../../src/cache/index.ts';
import { type Clock, systemClock } from '../../../../src/runtime/index.ts';
import type { CallContext, Outcome, Policy, SourceConnection } from '../../../../src/sources/index.ts';
import { connectRest } from '../../../../src/sources/rest/call/index.ts';
import type { PaginationInput, RestDefinition } from '../../../../src/sources/rest/definition.ts';
import { describeRest } from '../../../../src/sources/rest/mapping/index.ts';
import type { Connection } from '../../../../src/sources/rest/pagination/walk.ts';
import { createEgressGuard, createHttpClient } from '../../../../src/upstream/index.ts';
import { type Fault, type FaultServer, type ReceivedRequest, startFaultServer } from '../../../support/fault-server.ts';
import { seededRandom } from '../../../support/seeded-random.ts';
import { callContext, settings } from '../call/support/rest-source.ts';
import { definition, json, openapi, ref } from '../mapping/support.ts';

export const PAGE: PaginationInput = {
  style: 'PAGE',
  items: 'items',
  pageArgument: 'page',
  sizeArgument: 'size',
  pageSize: 3,
};
export const OFFSET: PaginationInput = {
  style: 'OFFSET',
  items: 'items',
  offsetArgument: 'offset',
  sizeArgument: 'size',
  pageSize: 3,
};
export const CURSOR: PaginationInput = {
  style: 'CURSOR',
  items: 'items',
  cursorArgument: 'cursor',
  sizeArgument: 'size',
  nextCursor: 'paging.next',
  pageSize: 3,
};
export const LINK: PaginationInput = { style: 'LINK', items: '', sizeArgument: 'size', pageSize: 3 };

const parameter = (name: string, type: string, more = {}) => ({ name, in: 'query', schema: { type, ...more } });

/** `/items` answers with an object, `/linked` with the bare list. */
export const document = openapi(
  {
    '/items': {
      get: {
        operationId: 'listItems',
        parameters: [
          parameter('page', 'integer'),
          parameter('offset', 'integer'),
          parameter('cursor', 'string'),
          parameter('size', 'integer', { maximum: 100 }),
          parameter('kind', 'string'),
        ],
        responses: { 200: json(ref('ItemPage')) },
      },
    },
    '/linked': {
      get: {
        operationId: 'linkedItems',
        parameters: [parameter('size', 'integer'), parameter('kind', 'string')],
        responses: { 200: json({ type: 'array', items: ref('Item') }) },
      },
    },
  },
  {
    Item: { type: 'object', properties: { id: { type: 'integer' } } },
    ItemPage: {
      type: 'object',
      properties: {
        items: { type: 'array', items: ref('Item') },
        total: { type: 'integer' },
        paging: { type: 'object', properties: { next: { type: 'string', nullable: true } } },
      },
    },
  },
);

export interface PagedSource {
  readonly server: FaultServer;
  readonly connection: SourceConnection;
  readonly list: Upstream;
  call(args?: Record<string, unknown>, context?: Partial<CallContext>): Promise<Outcome>;
  /** The value of a call that must be served. */
  connectionOf(args?: Record<string, unknown>, context?: Partial<CallContext>): Promise<Connection>;
  /** `path?query` of everything that came since the last time. */
  taken(): readonly string[];
  close(): Promise<void>;
}

/** The list that the server has, and its habits. */
export interface Upstream {
  items: number[];
  /** Items in a page at most, whatever is asked for. */
  cap: number;
  saysTotal: boolean;
  /** What to do instead of answering; undefined: answer. */
  instead: (request: ReceivedRequest, query: URLSearchParams) => Fault | undefined;
}

export interface PagedSourceOptions {
  readonly pagination: PaginationInput;
  readonly items?: readonly number[];
  readonly policy?: Policy;
  readonly operationPolicies?: Readonly<Record<string, Policy>>;
  readonly clock?: Clock;
  /** Base path of the endpoint. */
  readonly base?: string;
  /** Further endpoints. */
  readonly backups?: readonly string[];
  readonly key?: Uint8Array;
  readonly definition?: Partial<RestDefinition>;
  readonly document?: Record<string, unknown>;
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** A source of one list, of which the server hands out pages in whatever style it is asked in. */
export async function startPagedSource(options: PagedSourceOptions): Promise<PagedSource> {
  const { pagination, policy = {}, base = '', backups = [] } = options;
  const clock = options.clock ?? systemClock;
  const list: Upstream = { items: [...(options.items ?? [])], cap: 1000, saysTotal: false, instead: () => undefined };
  const server = await startFaultServer({ behaviour: (request) => answer(request, list, server.url) });
  const name = pagination.style === 'LINK' ? 'linkedItems' : 'listItems';
  const made = definition(structuredClone(options.document ?? document), {
    endpoints: [`${server.url}${base}`, ...backups].map((url, priority) => ({ url, priority, weight: 1 })),
    operations: [{ operation: name, pagination }],
    ...options.definition,
  });
  const description = await describeRest(made, 'shop');
  if ((description.problems ?? []).length > 0) throw new Error(JSON.stringify(description.problems));
  const http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
  const cache = createMemoryCallCache({ clock });
  const connection = connectRest(made, description, {
    name: 'shop',
    revision: 1,
    settings: settings({ policy, operationPolicies: options.operationPolicies ?? {} }),
    http,
    cache,
    clock,
    random: seededRandom(),
    ...(options.key === undefined ? {} : { cursorKey: options.key }),
  });
  let seen = 0;
  const call: PagedSource['call'] = async (args = {}, context = {}) => {
    const [outcome] = await connection.call(name, [{ arguments: args }], callContext(clock, context));
    if (outcome === undefined) throw new Error('A call must have an outcome.');
    return outcome;
  };
  return {
    server,
    connection,
    list,
    call,
    async connectionOf(args, context) {
      const outcome = await call(args, context);
      if (outcome.kind === 'FAILED') throw outcome.failure;
      return outcome.value as Connection;
    },
    taken() {
      const paths = server.requests.slice(seen).map(({ path }) => path);
      seen = server.requests.length;
      return paths;
    },
    async close() {
      await connection.close();
      await cache.close();
      await http.close();
      await server.close();
    },
  };
}

function answer(request: ReceivedRequest, list: Upstream, origin: string): Fault {
  const url = new URL(request.path, origin);
  const query = url.searchParams;
  const instead = list.instead(request, query);
  if (instead !== undefined) return instead;
  const size = Math.min(Number(query.get('size') ?? 10), list.cap);
  const from = query.has('page')
    ? (Number(query.get('page')) - 1) * size
    : Number(query.get('offset') ?? query.get('cursor')?.replace('at-', '') ?? query.get('from') ?? 0);
  const items = list.items.slice(from, from + size).map((id) => ({ id }));
  const more = from + size < list.items.length;
  if (url.pathname.endsWith('/linked')) {
    const next = new URL(url);
    next.searchParams.set('from', String(from + size));
    return {
      kind: 'answer',
      body: items,
      headers: more ? { link: `<${next.href}>; rel="next", <${origin}/>; rel=first` } : {},
    };
  }
  return {
    kind: 'answer',
    body: {
      items,
      ...(list.saysTotal ? { total: list.items.length } : {}),
      paging: { next: more ? `at-${from + size}` : '' },
    },
  };
}

/** The ids of the nodes; an error by its code. */
export function idsOf({ nodes }: Connection): readonly (number | string)[] {
  return nodes.map((node) => (isItem(node) ? node.id : (node as { code: string }).code));
}

function isItem(node: unknown): node is { readonly id: number } {
  return typeof node === 'object' && node !== null && 'id' in node;
}
