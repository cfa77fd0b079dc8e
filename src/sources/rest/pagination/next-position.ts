import type { PagePlan } from '../plan.ts';
import type { Position } from './cursors.ts';
import type { Page } from './read-page.ts';

/** What walks of one operation have learnt about its upstream. */
export interface PageMemory {
  /** It has given pages as long as they were asked for, so that a shorter one is the last. */
  fullPages: boolean;
}

/** Where the first page is. */
export function startOf(plan: PagePlan): Position {
  if (plan.style === 'PAGE') return { at: plan.firstPage, skip: 0 };
  return { at: plan.style === 'OFFSET' ? 0 : null, skip: 0 };
}

/**
 * Where the page after this one begins; undefined when this is known to be the last. `longest` is the length of the
 * longest page so far.
 *
 * Numbered pages end where the total is reached, where a page is empty, or where one is shorter than the upstream makes
 * them. How long it makes them is what it has shown, not what it was asked for: many give at most so many, whatever
 * they are asked for, and their pages are all short.
 */
export function nextPosition(
  plan: PagePlan,
  at: Position['at'],
  page: Page,
  longest: number,
  memory: PageMemory,
): Position | undefined {
  const length = page.items.length;
  switch (plan.style) {
    case 'CURSOR':
    case 'LINK':
      return page.next === undefined ? undefined : { at: page.next, skip: 0 };
    case 'PAGE': {
      const number = Number(at);
      const before = (number - plan.firstPage) * Math.max(longest, length);
      return isLast(plan, page, before, longest, memory) ? undefined : { at: number + 1, skip: 0 };
    }
    case 'OFFSET': {
      const before = Number(at);
      return isLast(plan, page, before, longest, memory) ? undefined : { at: before + length, skip: 0 };
    }
    default: {
      const never: never = plan.style;
      return never;
    }
  }
}

/** `before`: items on the pages before this one, at least. */
function isLast(plan: PagePlan, page: Page, before: number, longest: number, memory: PageMemory): boolean {
  const length = page.items.length;
  if (length === 0) return true;
  if (page.total !== undefined) return before + length >= page.total;
  return length < longest || (memory.fullPages && length < plan.pageSize);
}
