import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PaginationInput } from '../../../../src/sources/rest/definition.ts';
import type { Connection } from '../../../../src/sources/rest/pagination/walk.ts';
import { CURSOR, idsOf, LINK, OFFSET, PAGE, startPagedSource, upTo } from './support.ts';

const scenario = fc.record({
  count: fc.nat(40),
  pageSize: fc.integer({ min: 1, max: 7 }),
  cap: fc.integer({ min: 1, max: 9 }),
  maxPages: fc.integer({ min: 1, max: 4 }),
  saysTotal: fc.boolean(),
  firsts: fc.array(fc.nat(12), { minLength: 1, maxLength: 6 }),
});

const STYLES: readonly (readonly [string, PaginationInput])[] = [
  ['PAGE', PAGE],
  ['OFFSET', OFFSET],
  ['CURSOR', CURSOR],
  ['LINK', LINK],
];

test.each(STYLES)(
  '%s: walking with any numbers gives the list, in order, each item once',
  async (_style, pagination) => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ count, pageSize, cap, maxPages, saysTotal, firsts }) => {
        const total = saysTotal && pagination.style !== 'LINK' ? { total: 'total' } : {};
        const source = await startPagedSource({
          pagination: { ...pagination, ...total, pageSize, maxPages },
          items: upTo(count),
        });
        try {
          source.list.cap = cap;
          source.list.saysTotal = saysTotal;
          const seen: (number | string)[] = [];
          let after: string | null = null;
          let ended = false;
          // The numbers in turn, over and over, until the end is said; one that is 0 alone would never get there.
          for (let step = 0; !ended && step < 200; step++) {
            const wanted = firsts[step % firsts.length] ?? 1;
            const first = Math.min(step >= firsts.length ? Math.max(wanted, 1) : wanted, pageSize * maxPages);
            const before = source.server.requests.length;
            const connection = await source.connectionOf({ first, ...(after === null ? {} : { after }) });
            const ids = idsOf(connection);
            const { hasNextPage, endCursor } = connection.pageInfo;
            expect(source.server.requests.length - before).toBeLessThanOrEqual(maxPages);
            expect(ids.length).toBeLessThanOrEqual(first);
            expect(ids).toEqual(upTo(count).slice(seen.length, seen.length + ids.length));
            if (hasNextPage && ids.length < first) expect(source.server.requests.length - before).toBe(maxPages);
            if (ids.length > 0) expect(endCursor).not.toBeNull();
            if ('total' in total) expect(connection.totalCount).toBe(count);
            seen.push(...ids);
            after = endCursor;
            ended = !hasNextPage;
          }
          expect(ended).toBe(true);
          expect(seen).toEqual(upTo(count));
        } finally {
          await source.close();
        }
      }),
      { numRuns: 60 },
    );
  },
);

test.each(STYLES)('%s: whatever pages fail, going on behind what came gives the list', async (_style, pagination) => {
  const faults = fc.record({
    count: fc.nat(30),
    pageSize: fc.integer({ min: 1, max: 5 }),
    first: fc.integer({ min: 1, max: 15 }),
    failing: fc.uniqueArray(fc.nat(20), { maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(faults, async ({ count, pageSize, first, failing }) => {
      const source = await startPagedSource({ pagination: { ...pagination, pageSize }, items: upTo(count) });
      try {
        let request = -1;
        // A refusal says nothing about the upstream's health, so that no breaker steps in between.
        source.list.instead = () => (failing.includes(++request) ? { kind: 'answer', status: 400 } : undefined);
        const seen: (number | string)[] = [];
        let after: string | null = null;
        let failures = 0;
        for (let more = true; more; ) {
          const outcome = await source.call({ first, ...(after === null ? {} : { after }) });
          if (outcome.kind === 'FAILED') {
            expect(++failures).toBeLessThanOrEqual(failing.length);
            continue;
          }
          const { nodes, pageInfo } = outcome.value as Connection;
          const broken = nodes.at(-1) instanceof Error;
          if (broken) expect(++failures).toBeLessThanOrEqual(failing.length);
          expect(broken).toBe(outcome.parts?.some(({ kind }) => kind === 'FAILED') ?? false);
          seen.push(...idsOf({ nodes: broken ? nodes.slice(0, -1) : nodes, pageInfo, totalCount: null }));
          after = pageInfo.endCursor;
          more = pageInfo.hasNextPage;
        }
        expect(seen).toEqual(upTo(count));
      } finally {
        await source.close();
      }
    }),
    { numRuns: 40 },
  );
});
