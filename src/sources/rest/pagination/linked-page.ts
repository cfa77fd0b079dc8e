import type { Answer } from '../../ladder/index.ts';
import type { PagePlan } from '../plan.ts';
import { follow, type LinkContext, type NextLink, nextLink } from './next-link.ts';
import { valueAt } from './value-at.ts';

/**
 * The value of a page that knows the address of its successor: kept together, so that an answer from the cache still
 * knows what comes after it. Plain JSON beside the page's own value.
 */
export interface LinkedPage {
  readonly page: unknown;
  readonly next: NextLink;
}

const NO_NEXT: NextLink = Object.freeze({ kind: 'none' });

/** The answer with its next link beside its value. */
export function linkAnswer(
  answer: Answer,
  { nextLink: path }: PagePlan,
  header: string | undefined,
  context: LinkContext,
): Answer {
  const next = path === undefined ? nextLink(header, context) : linkInside(valueAt(answer.value, path), context);
  return { ...answer, value: linkedPage(answer.value, next) };
}

/** Nothing, null or an empty text says that this is the last page. */
function linkInside(link: unknown, context: LinkContext): NextLink {
  if (link === undefined || link === null || link === '') return NO_NEXT;
  return typeof link === 'string' ? follow(link, context) : { kind: 'unusable', why: 'the next link is no text' };
}

export function linkedPage(page: unknown, next: NextLink = NO_NEXT): LinkedPage {
  return Object.freeze({ page, next: Object.freeze(next) });
}

export function isLinkedPage(value: unknown): value is LinkedPage {
  return typeof value === 'object' && value !== null && 'page' in value && 'next' in value;
}
