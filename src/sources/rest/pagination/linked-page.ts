import type { Answer } from '../../ladder/index.ts';
import { type LinkContext, type NextLink, nextLink } from './next-link.ts';

/**
 * The value of a page whose successor is in a header: kept together, so that an answer from the cache still knows what
 * comes after it. Plain JSON beside the page's own value.
 */
export interface LinkedPage {
  readonly page: unknown;
  readonly next: NextLink;
}

const NO_NEXT: NextLink = Object.freeze({ kind: 'none' });

/** The answer with its next link beside its value. */
export function linkAnswer(answer: Answer, header: string | undefined, context: LinkContext): Answer {
  return { ...answer, value: linkedPage(answer.value, nextLink(header, context)) };
}

export function linkedPage(page: unknown, next: NextLink = NO_NEXT): LinkedPage {
  return Object.freeze({ page, next: Object.freeze(next) });
}

export function isLinkedPage(value: unknown): value is LinkedPage {
  return typeof value === 'object' && value !== null && 'page' in value && 'next' in value;
}
