import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Registry, RegistryEvent } from '../../src/registry/index.ts';
import { Secret } from '../../src/sources/index.ts';
import { change, codeOf, newLink, newRevision, newSource, temporaryRegistry } from './fixtures.ts';

/** One operation on one of a few names; `stale` makes it use a version that is not the present one. */
type Operation =
  | { readonly do: 'add' | 'revise' | 'delete'; readonly name: string; readonly stale: boolean; readonly text: string }
  | { readonly do: 'title'; readonly name: string; readonly stale: boolean; readonly text: string | undefined }
  | { readonly do: 'publish'; readonly name: string; readonly stale: boolean; readonly revision: number }
  | { readonly do: 'retire'; readonly name: string; readonly stale: boolean }
  | { readonly do: 'addKey' | 'revokeKey'; readonly id: string }
  | { readonly do: 'addLink'; readonly id: string; readonly source: string; readonly field: string }
  | { readonly do: 'removeLink'; readonly id: string }
  | { readonly do: 'audit' }
  | { readonly do: 'restart' };

interface ModelSource {
  title: string | undefined;
  state: 'DRAFT' | 'PUBLISHED' | 'RETIRED';
  live: number | undefined;
  revisions: Map<number, string>;
  version: number;
}

/** The registry as plain maps: what the operations mean, without storage. */
class Model {
  readonly sources = new Map<string, ModelSource>();
  readonly counters = new Map<string, { revision: number; version: number }>();
  readonly keys = new Map<string, boolean>();
  readonly links = new Map<string, { source: string; field: string }>();
  readonly audit: string[] = [];
  readonly events: string[] = [];

  /** Returns `resolved` or the code that is expected. */
  apply(operation: Operation): string {
    switch (operation.do) {
      case 'restart':
        return 'resolved';
      case 'audit':
        this.audit.push('audit source:any');
        return 'resolved';
      case 'addKey':
        if (this.keys.has(operation.id)) return 'CONFLICT';
        this.keys.set(operation.id, false);
        return this.#done('addKey', `key:${operation.id}`);
      case 'revokeKey': {
        const revoked = this.keys.get(operation.id);
        if (revoked === undefined) return 'NOT_FOUND';
        if (revoked) return 'resolved';
        this.keys.set(operation.id, true);
        return this.#done('revokeKey', `key:${operation.id}`);
      }
      case 'addLink': {
        const { id, source, field } = operation;
        if (!this.sources.has(source)) return 'NOT_FOUND';
        const taken = [...this.links.values()].some((link) => link.source === source && link.field === field);
        if (taken || this.links.has(id)) return 'CONFLICT';
        this.links.set(id, { source, field });
        return this.#done('addLink', `link:${id}`);
      }
      case 'removeLink':
        if (!this.links.delete(operation.id)) return 'NOT_FOUND';
        return this.#done('removeLink', `link:${operation.id}`);
      case 'add': {
        if (this.sources.has(operation.name)) return 'CONFLICT';
        const { revision, version } = this.#counter(operation.name, 1);
        const revisions = new Map([[revision, operation.text]]);
        this.sources.set(operation.name, { title: undefined, state: 'DRAFT', live: undefined, revisions, version });
        return this.#done('add', `source:${operation.name}`);
      }
      case 'revise':
      case 'delete':
      case 'title':
      case 'publish':
      case 'retire': {
        const source = this.sources.get(operation.name);
        if (source === undefined) return 'NOT_FOUND';
        if (operation.stale) return 'CONFLICT';
        return this.#change(source, operation);
      }
      default: {
        const never: never = operation;
        return never;
      }
    }
  }

  #change(source: ModelSource, operation: Extract<Operation, { name: string }>): string {
    const { name } = operation;
    if (operation.do === 'publish' && !source.revisions.has(operation.revision)) return 'NOT_FOUND';
    if (operation.do === 'delete' && source.live !== undefined) return 'CONFLICT';
    const { revision, version } = this.#counter(name, operation.do === 'revise' ? 1 : 0);
    source.version = version;
    if (operation.do === 'revise') source.revisions.set(revision, operation.text);
    if (operation.do === 'title') source.title = operation.text;
    if (operation.do === 'publish') Object.assign(source, { state: 'PUBLISHED', live: operation.revision });
    if (operation.do === 'retire') Object.assign(source, { state: 'RETIRED', live: undefined });
    if (operation.do === 'delete') {
      this.sources.delete(name);
      for (const [id, link] of this.links) if (link.source === name) this.links.delete(id);
    }
    return this.#done(operation.do, `source:${name}`);
  }

  #counter(name: string, revisions: 0 | 1): { revision: number; version: number } {
    const before = this.counters.get(name) ?? { revision: 0, version: 0 };
    const after = { revision: before.revision + revisions, version: before.version + 1 };
    this.counters.set(name, after);
    return after;
  }

  #done(action: string, target: string): string {
    this.audit.push(`${action} ${target}`);
    this.events.push(`${action} ${target}`);
    return 'resolved';
  }
}

function perform(
  registry: Registry,
  operation: Exclude<Operation, { do: 'restart' }>,
  version: number,
): Promise<unknown> {
  const told = change(operation.do);
  const at = 'stale' in operation && operation.stale ? version + 1 : version;
  switch (operation.do) {
    case 'audit':
      return registry.audit('source:any', told);
    case 'addKey': {
      const { id } = operation;
      const rest = { createdAt: new Date(1), createdBy: 'x', expiresAt: undefined, revokedAt: undefined };
      return registry.addKey({ id, name: id, role: 'ADMIN', hash: new Uint8Array(32), ...rest }, told);
    }
    case 'revokeKey':
      return registry.revokeKey(operation.id, new Date(2), told);
    case 'addLink': {
      const { id, source, field } = operation;
      return registry.addLink(newLink(id, { source, field }), told);
    }
    case 'removeLink':
      return registry.removeLink(operation.id, told);
    case 'add':
      return registry.addSource(newSource(operation.name, { revision: revisionOf(operation.text) }), told);
    case 'revise':
      return registry.addRevision(operation.name, at, revisionOf(operation.text), told);
    case 'delete':
      return registry.deleteSource(operation.name, at, told);
    case 'title':
      return registry.changeSource(operation.name, at, { title: operation.text }, told);
    case 'publish':
      return registry.changeSource(operation.name, at, { state: 'PUBLISHED', liveRevision: operation.revision }, told);
    case 'retire':
      return registry.changeSource(operation.name, at, { state: 'RETIRED', liveRevision: undefined }, told);
    default: {
      const never: never = operation;
      return never;
    }
  }
}

const revisionOf = (text: string): ReturnType<typeof newRevision> =>
  newRevision({ definition: { text, secret: new Secret(text) }, sdl: text, note: text });

async function contents(registry: Registry): Promise<unknown> {
  const sources = (await registry.sources({}, 100, undefined)).nodes;
  return {
    sources: await Promise.all(
      sources.map(async ({ name, title, state, liveRevision, version }) => ({
        name,
        title,
        state,
        live: liveRevision,
        version,
        revisions: (await registry.revisions(name)).map(({ number, definition, sdl, note }) => {
          const { text, secret } = definition as { readonly text: string; readonly secret: Secret };
          return [number, text, secret.reveal(), sdl, note];
        }),
      })),
    ),
    live: (await registry.liveSources()).map(({ name }) => name),
    links: (await registry.links()).map(({ id, source, field }) => `${id} ${source}.${field}`).toSorted(),
    keys: (await registry.keys()).map(({ id, revokedAt }) => [id, revokedAt !== undefined]),
    audit: (await registry.auditLog(1_000, undefined)).nodes.map(({ action, target }) => `${action} ${target}`),
  };
}

function expectedContents(model: Model): unknown {
  const sorted = [...model.sources].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    sources: sorted.map(([name, { title, state, live, version, revisions }]) => ({
      name,
      title,
      state,
      live,
      version,
      revisions: [...revisions].reverse().map(([number, text]) => [number, text, text, text, text]),
    })),
    live: sorted.filter(([, source]) => source.live !== undefined).map(([name]) => name),
    links: [...model.links].map(([id, { source, field }]) => `${id} ${source}.${field}`).toSorted(),
    keys: [...model.keys].sort(([a], [b]) => (a < b ? -1 : 1)),
    audit: [...model.audit].reverse(),
  };
}

const named = { name: fc.constantFrom('a', 'B', 'c_1'), stale: fc.nat(4).map((n) => n === 0) };
const text = fc.string({ unit: 'binary', maxLength: 12 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'revise', 'delete'), ...named, text }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('publish' as const), ...named, revision: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retire' as const), ...named }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('title' as const), ...named, text: fc.option(text, { nil: undefined }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('addKey' as const, 'revokeKey'), id: fc.constantFrom('k1', 'k2') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('addLink' as const),
      id: fc.constantFrom('l1', 'l2', 'l3'),
      source: named.name,
      field: fc.constantFrom('f', 'g'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('removeLink' as const), id: fc.constantFrom('l1', 'l2', 'l3') }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'audit' } as const, { do: 'restart' } as const) },
);

describe('any sequence of operations', () => {
  test('does to the registry what it does to plain maps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        const temporary = temporaryRegistry();
        const events: string[] = [];
        const listen = (event: RegistryEvent): void => {
          if (event.type === 'provider' || event.type === 'budget') return;
          events.push(`${event.action} ${event.type}:${event.type === 'source' ? event.name : event.id}`);
        };
        let registry = await temporary.open();
        registry.events.on(listen);
        try {
          const model = new Model();
          for (const each of operations) {
            const version = 'name' in each ? (model.sources.get(each.name)?.version ?? 1) : 1;
            const expected = model.apply(each);
            if (each.do === 'restart') {
              await registry.close();
              registry = await temporary.open();
              registry.events.on(listen);
            } else {
              expect(await codeOf(perform(registry, each, version))).toBe(expected);
            }
          }
          expect(await contents(registry)).toEqual(expectedContents(model));
          expect(events).toEqual(model.events);
        } finally {
          await registry.close();
          temporary.remove();
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
