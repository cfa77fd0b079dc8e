import { afterAll, beforeAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { expectSame } from './support/compare.ts';
import { deterministicSchema } from './support/deterministic-schema.ts';
import { type Naming, randomQuery } from './support/random-query.ts';
import { LIBRARY_SDL, largeSdl } from './support/sdl.ts';
import { startApollo, startMercurius, startYoga, type UpstreamServer } from './support/servers.ts';

/** Queries of each comparison; `WEIR_DIFFERENTIAL_RUNS` asks for more. */
const RUNS = Number(process.env.WEIR_DIFFERENTIAL_RUNS ?? 250);
const LARGE_ENTITIES = 90;

const limits = {
  documentTokenLimit: 100_000,
  documentDepthLimit: 50,
  documentAliasLimit: 10_000,
  documentRootFieldLimit: 1000,
  documentDirectiveLimit: 1000,
  documentCostLimit: 1e9,
};

const SHARED = new Set(['Int', 'Float', 'String', 'Boolean', 'ID', 'DateTime', 'JSON']);

const prefixed = (namespace: string, prefix: string): Naming => ({
  namespace,
  graphName: (name) => (SHARED.has(name) ? name : name === 'Query' ? `${prefix}NestedQuery` : prefix + name),
});

describe('a random query gives via Weir what it gives directly', () => {
  let gateway: TestGateway;
  const upstreams: UpstreamServer[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway(limits);
  });

  afterAll(async () => {
    await gateway.close();
    for (const upstream of upstreams) await upstream.close();
  });

  const compare = (
    name: string,
    start: (schema: GraphQLSchema) => Promise<UpstreamServer>,
    schema: GraphQLSchema,
    naming: Naming,
  ): void => {
    test(
      name,
      async () => {
        const upstream = await start(schema);
        upstreams.push(upstream);
        const source = name.replaceAll(/\W+/g, '_');
        const graphql = { url: upstream.url, namespace: naming.namespace };
        await gateway.publish({ name: source, visibility: 'PUBLIC', graphql });
        await fc.assert(
          fc.asyncProperty(fc.gen(), async (gen) => {
            await expectSame(gateway, upstream.url, randomQuery(gen, schema, naming), naming);
          }),
          // Shrinking would ask thousands of times more; the error shows the query, the seed brings it back.
          { numRuns: RUNS, endOnFailure: true },
        );
      },
      RUNS * 400,
    );
  };

  const library = deterministicSchema(LIBRARY_SDL);
  compare('GraphQL Yoga, namespaced', startYoga, library, prefixed('shelf', 'Shelf'));
  compare(
    'Apollo Server, namespaced, with failing fields',
    startApollo,
    deterministicSchema(LIBRARY_SDL, { failOneIn: 9 }),
    prefixed('stacks', 'Stacks'),
  );
  compare('Mercurius, flat', startMercurius, library, prefixed('', ''));
  compare(
    'GraphQL Yoga, a large schema',
    startYoga,
    deterministicSchema(largeSdl(LARGE_ENTITIES)),
    prefixed('large', 'Large'),
  );
});
