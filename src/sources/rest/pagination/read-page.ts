import { UpstreamFailure } from '../../../errors/index.ts';
import { DriftError } from '../call/answer/drift.ts';
import type { PagePlan } from '../plan.ts';
import { isLinkedPage } from './linked-page.ts';
import { valueAt } from './value-at.ts';

/** What one answer says as a page of a list. */
export interface Page {
  readonly items: readonly unknown[];
  /** What the upstream says comes next; undefined: nothing, or it does not say (PAGE, OFFSET). */
  readonly next: string | undefined;
  /** There is something next that cannot be fetched. */
  readonly lost: string | undefined;
  /** Items on all pages, when the answer says so. */
  readonly total: number | undefined;
  /** There was no answer at all: the thing that would have the list is not there. */
  readonly absent: boolean;
}

/** Throws what stands in the way of reading the answer as a page. A list that is left out is an empty one. */
export function readPage(plan: PagePlan, value: unknown): Page {
  const linked = isLinkedPage(value) && plan.style === 'LINK' ? value : undefined;
  const answer = linked === undefined ? value : linked.page;
  if (answer === null || answer === undefined) {
    return { items: [], next: undefined, lost: undefined, total: undefined, absent: true };
  }
  const items = valueAt(answer, plan.items) ?? [];
  if (items instanceof Error) throw items;
  if (!Array.isArray(items)) throw notAList();
  return {
    items,
    next: linked === undefined ? cursorAt(answer, plan.nextCursor) : addressOf(linked.next),
    lost: linked?.next.kind === 'unusable' ? linked.next.why : undefined,
    total: countAt(answer, plan.total),
    absent: false,
  };
}

function addressOf(next: { readonly kind: string; readonly address?: string }): string | undefined {
  return next.kind === 'next' ? next.address : undefined;
}

/** A cursor that is empty, null or no single value says that this is the last page. */
function cursorAt(answer: unknown, path: readonly string[] | undefined): string | undefined {
  const value = path === undefined ? undefined : valueAt(answer, path);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  // A cursor that is not what the document says is no end: going on as if it were would hide the rest.
  if (value instanceof DriftError) throw value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function countAt(answer: unknown, path: readonly string[] | undefined): number | undefined {
  const value = path === undefined ? undefined : valueAt(answer, path);
  const count = typeof value === 'bigint' ? Number(value) : value;
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : undefined;
}

function notAList(): UpstreamFailure {
  return unreadable('there is no list where the pages of this operation have theirs');
}

/** The upstream answered, but not with a page. */
export function unreadable(detail: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason: 'http_protocol_error',
    detail,
    retryable: false,
    countsAgainstHealth: false,
  });
}
