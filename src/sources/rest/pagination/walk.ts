import { UpstreamFailure, WeirError } from '../../../errors/index.ts';
import type { Outcome } from '../../outcome.ts';
import { RequestRefused } from '../../shared/refused.ts';
import type { PagePlan } from '../plan.ts';
import type { Cursors, Position } from './cursors.ts';
import { nextPosition, type PageMemory, startOf } from './next-position.ts';
import { type Page, readPage, unreadable } from './read-page.ts';
import { sumOf } from './sum.ts';

export interface Walk {
  /** For errors inside the answer. */
  readonly source: string;
  readonly plan: PagePlan;
  readonly first: number;
  readonly after: string | undefined;
  readonly cursors: Cursors;
  readonly memory: PageMemory;
  readonly now: () => number;
  /** One page, down the ladder like any other call. Never rejects. */
  readonly fetch: (at: Position['at']) => Promise<Outcome>;
}

/** The value of a paginated field. */
export interface Connection {
  /** Ends with an error when a page after the first could not be had. */
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number | null;
}

/** GraphQL's Int. */
const MAX_COUNT = 2 ** 31 - 1;

/**
 * Fetches pages, one after another, until `first` nodes are there, the last page is reached, or `maxPages` were fetched.
 * A page that cannot be had ends the walk: the nodes before it are given, and after them the error in a node's place.
 * If that is the very first page, the whole call has failed. Throws RequestRefused for a bad `after`.
 */
export async function walkPages(walk: Walk): Promise<Outcome> {
  const { plan, first, after, cursors, memory, fetch, now } = walk;
  const startedAt = now();
  let position = after === undefined ? startOf(plan) : cursors.read(after);
  /** Where a later walk goes on. */
  let end: Position | undefined = after === undefined ? undefined : position;
  const nodes: unknown[] = [];
  const parts: Outcome[] = [];
  const visited = new Set<Position['at']>();
  let longest = 0;
  let total: number | undefined;

  const connection = (hasNextPage: boolean, failure?: UpstreamFailure): Outcome => {
    const value: Connection = Object.freeze({
      nodes: Object.freeze(nodes),
      pageInfo: Object.freeze({ hasNextPage, endCursor: end === undefined ? null : cursors.write(end) }),
      totalCount: total === undefined || total > MAX_COUNT ? null : total,
    });
    return sumOf(parts, value, failure, now() - startedAt);
  };
  const broken = (failure: UpstreamFailure, shown: Error): Outcome => {
    nodes.push(shown);
    // What is there after the break nobody knows; asking again from here is how to find out.
    return connection(true, failure);
  };

  for (;;) {
    visited.add(position.at);
    const isFirst = parts.length === 0;
    const fromStart = after === undefined && isFirst;
    const outcome = fromStart ? await fetch(position.at) : laterPage(plan, await fetch(position.at));
    parts.push(outcome);
    if (outcome.kind === 'FAILED') {
      const { failure, attempts, retryAfterMs } = outcome;
      return isFirst ? outcome : broken(failure, failure.toClientError(walk.source, attempts.length, retryAfterMs));
    }
    const page = pageOf(plan, outcome.value);
    if (page instanceof Error) {
      const failure = page instanceof UpstreamFailure ? page : unreadable(page.message);
      if (isFirst && page === failure) return asFailed(outcome, failure);
      return broken(failure, page === failure ? failure.toClientError(walk.source, outcome.attempts.length) : page);
    }
    if (page.absent && fromStart) return { ...outcome, value: null };

    longest = Math.max(longest, page.items.length);
    if (page.items.length >= plan.pageSize && outcome.kind !== 'FALLBACK') memory.fullPages = true;
    total = page.total ?? total;
    const rest = page.items.slice(position.skip);
    const wanted = first - nodes.length;
    for (const item of rest.slice(0, wanted)) nodes.push(item);
    if (rest.length > wanted) {
      if (wanted > 0) end = { at: position.at, skip: position.skip + wanted };
      return connection(true);
    }
    if (page.items.length > position.skip) end = { at: position.at, skip: page.items.length };
    // The same list again and again, however much more of it was promised for later.
    if (outcome.kind === 'FALLBACK') return connection(false);
    if (page.lost !== undefined) {
      if (nodes.length === first) return connection(true);
      const failure = unreadable(page.lost);
      return broken(failure, failure.toClientError(walk.source, outcome.attempts.length));
    }
    const next = nextPosition(plan, position.at, page, longest, memory);
    if (next === undefined || visited.has(next.at)) return connection(false);
    if (nodes.length === first || parts.length === plan.maxPages) {
      end = next;
      return connection(true);
    }
    position = next;
  }
}

/** What comes for a page that is not the beginning of the list means something else than it would there. */
function laterPage({ style }: PagePlan, outcome: Outcome): Outcome {
  if (outcome.kind === 'FALLBACK') {
    // A declared fallback is what the whole list is like: for a part of it, it is none.
    const why = 'a fallback stands in for a whole list, not for one of its pages';
    return asFailed(outcome, outcome.failure ?? unreadable(why));
  }
  const numbered = style === 'PAGE' || style === 'OFFSET';
  if (!numbered || outcome.kind !== 'FAILED' || outcome.failure.status !== 404) return outcome;
  // Beyond the last page some upstreams say that there is no such page: nothing is wrong, and nothing is there.
  const { durationMs, attempts, cache } = outcome;
  return { kind: 'FRESH', value: null, ageMs: 0, durationMs, attempts, cache };
}

function asFailed(outcome: Outcome, failure: UpstreamFailure): Outcome {
  if (outcome.kind === 'FAILED') return outcome;
  const { durationMs, attempts, cache } = outcome;
  return { kind: 'FAILED', failure, durationMs, attempts, cache };
}

/** What stands in the way of reading it is an answer as well. */
function pageOf(plan: PagePlan, value: unknown): Page | UpstreamFailure | WeirError {
  try {
    return readPage(plan, value);
  } catch (error: unknown) {
    if (error instanceof UpstreamFailure || error instanceof WeirError) return error;
    throw error;
  }
}

/** `first` as the field has it: its default when it is left out or null. Throws RequestRefused outside of its range. */
export function readFirst(first: unknown, { pageSize, maxPages }: PagePlan): number {
  if (first === undefined || first === null) return pageSize;
  const most = pageSize * maxPages;
  if (Number.isInteger(first) && (first as number) >= 0 && (first as number) <= most) return first as number;
  throw new RequestRefused(`the argument "first" must be a number from 0 to ${most}; came ${String(first)}.`);
}
