import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { createBudgets, createKeyring } from './access/index.ts';
import { createMemoryCallCache, redisSharedStore } from './cache/index.ts';
import { type Config, InvalidConfiguration, OPTIONS } from './config/index.ts';
import { createExecutor, createSubscriptions } from './execution/index.ts';
import { createAccounts, createModels, type ModelCallEvent } from './models/index.ts';
import { loadEncryptionKey, openRegistry } from './registry/index.ts';
import { createAdminSchema, createGraphResolvers, createLifecycle } from './resolvers/index.ts';
import { type Events, systemClock, systemRandom } from './runtime/index.ts';
import { createGraph, type ProvenanceEntry } from './schema/index.ts';
import { consistencyKeyFrom, createServer } from './server/index.ts';
import { graphqlKind } from './sources/graphql/index.ts';
import { cursorKeyFrom, type SourceKind, type SourceKindName } from './sources/index.ts';
import { createModelTargets, promptKind } from './sources/prompt/index.ts';
import { restKind } from './sources/rest/index.ts';
import { createEgressGuard, createHttpClient, type EgressGuard } from './upstream/index.ts';

export interface Gateway {
  /** Starts to accept connections; resolves with the base URL. Rejects when it cannot listen there. */
  listen(): Promise<string>;
  /** Lets requests in flight finish, then closes everything. May be called more than once. */
  close(): Promise<void>;
  /** Each call to an upstream on behalf of a request, when its outcome is known. */
  readonly calls: Events<ProvenanceEntry>;
  /** Each attempt at a model, when it is over: who made it, what it took, what it cost. */
  readonly modelCalls: Events<ModelCallEvent>;
  /** Set when an admin's key was made at this start: the only time it is seen. */
  readonly newAdminKey: string | undefined;
  readonly sourceCount: number;
  readonly graphVersion: number;
}

/** The built browser pages, beside the built program; when run from source, where the build puts them. */
const PAGES = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../dist/portal' : './portal', import.meta.url));

/** Puts the rooms together: the only file that knows every one of them. */
export async function createGateway(config: Config): Promise<Gateway> {
  const clock = systemClock;
  const random = systemRandom;
  const production = config.environment === 'production';
  const log: Logger = pino({ level: config.logLevel, base: null });
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };

  try {
    const encryptionKey = loadEncryptionKey({
      dataDir: config.dataDir,
      fromEnvironment: config.encryptionKey,
      production,
    });
    const registry = await openRegistry({ dataDir: config.dataDir, encryptionKey, clock, random });
    closers.push(() => registry.close());

    const keyring = createKeyring({ store: registry, clock, random, environmentAdminKey: config.adminKey });
    closers.push(() => keyring.close());
    const newAdminKey = await keyring.ensureAdminKey();

    const egress = egressGuard(config, production);
    const http = createHttpClient({
      egress,
      clock,
      maxResponseBytes: config.upstreamResponseLimitBytes,
      streamPaceMs: config.streamPaceMs,
    });
    closers.push(() => http.close());
    const cache = createMemoryCallCache({
      clock,
      maxBytes: config.cacheBytes,
      ...(config.redisUrl === undefined ? {} : { secondLevel: redisSharedStore(config.redisUrl) }),
    });
    closers.push(() => cache.close());

    const budgets = await createBudgets({
      store: registry,
      clock,
      onFailure: (err) => log.error({ err }, 'what calls of models took is counted, but could not be stored'),
    });
    closers.push(() => budgets.close());
    const models = createModels({ accounts: await createAccounts(registry), budgets, http, clock });
    const targets = createModelTargets({ models, clock, random });
    closers.push(() => targets.close());

    const kinds = new Map<SourceKindName, SourceKind>([
      [restKind.name, restKind as SourceKind],
      [graphqlKind.name, graphqlKind as SourceKind],
      [promptKind.name, promptKind as SourceKind],
    ]);
    // The graph holds the admin API, and the admin API changes the graph: it reads both when a request comes.
    const schema = await createAdminSchema({
      registry,
      keyring,
      cache,
      egress,
      models,
      budgets,
      get graph() {
        return graph;
      },
      get lifecycle() {
        return lifecycle;
      },
    });
    // Every new version of the graph has an audit entry of its own: counting from the newest, versions never go back.
    const newestAudit = (await registry.auditLog(1, undefined)).nodes[0];
    const graph = await createGraph({
      admin: { schema, publicFields: ['me'] },
      resolvers: createGraphResolvers(),
      clock,
      firstNumber: newestAudit?.id ?? 0,
    });
    closers.push(() => graph.close());
    const lifecycle = createLifecycle({
      registry,
      graph,
      kinds,
      http,
      models,
      cache,
      clock,
      random,
      cursorKey: cursorKeyFrom(encryptionKey),
    });
    lifecycle.events.on((event) => {
      if (event.type === 'leftOut')
        log.error({ source: event.source, revision: event.revision, err: event.cause }, 'source left out of the graph');
      if (event.type === 'driftNotPublished')
        log.error({ source: event.source, err: event.cause }, 'a changed schema could not be published');
    });
    await lifecycle.restore();

    const executor = createExecutor({
      limits: {
        tokens: config.documentTokenLimit,
        depth: config.documentDepthLimit,
        aliases: config.documentAliasLimit,
        rootFields: config.documentRootFieldLimit,
        directives: config.documentDirectiveLimit,
        cost: config.documentCostLimit,
      },
    });
    const subscriptions = createSubscriptions({
      graph,
      executor,
      clock,
      limits: {
        subscriptions: config.subscriptionLimit,
        queuedEvents: config.subscriptionQueueEvents,
        queuedBytes: config.subscriptionQueueBytes,
      },
    });
    const server = await createServer({
      config,
      graph,
      executor,
      subscriptions,
      keyring,
      models: { models, targets },
      clock,
      random,
      log,
      consistencyKey: consistencyKeyFrom(encryptionKey),
      pages: PAGES,
      isReady: () => true,
    });
    closers.push(() => server.close());

    return {
      listen: () => server.listen(),
      close,
      calls: server.calls,
      modelCalls: models.calls,
      newAdminKey,
      sourceCount: graph.current.members.size,
      graphVersion: graph.current.number,
    };
  } catch (error: unknown) {
    await close();
    throw error;
  }
}

function egressGuard(config: Config, production: boolean): EgressGuard {
  try {
    return createEgressGuard({ allow: config.egressAllow, allowPrivate: !production });
  } catch (error: unknown) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InvalidConfiguration([{ path: OPTIONS.egressAllow.environment, message }]);
  }
}
