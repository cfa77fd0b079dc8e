import type { Problem } from '../../../errors/index.ts';
import type { PaginationInput, PaginationStyle } from '../definition.ts';

const MAX_PAGE_SIZE = 1_000;
/** As many calls as a request may make by default. */
const MAX_PAGES = 100;

type Field = Exclude<keyof PaginationInput, 'style'>;

/** Of the fields that not every style has: those that each needs, and those it may have. */
const STYLES: Readonly<Record<PaginationStyle, { readonly needs: readonly Field[]; readonly may: readonly Field[] }>> =
  {
    PAGE: { needs: ['pageArgument'], may: ['firstPage'] },
    OFFSET: { needs: ['offsetArgument'], may: [] },
    CURSOR: { needs: ['cursorArgument', 'nextCursor'], may: [] },
    LINK: { needs: [], may: ['nextLink'] },
  };
const OF_STYLES: readonly Field[] = [
  'pageArgument',
  'offsetArgument',
  'cursorArgument',
  'nextCursor',
  'nextLink',
  'firstPage',
];

/** What is wrong with a declaration of pages by itself, before any operation is looked at. */
export function checkPagination(input: PaginationInput, path: string): Problem[] {
  const problems: Problem[] = [];
  const problem = (field: string, message: string): void => {
    problems.push({ path: `${path}.${field}`, message });
  };
  const style = Object.hasOwn(STYLES, input.style) ? STYLES[input.style] : undefined;
  if (style === undefined) {
    problem('style', `Expected one of ${Object.keys(STYLES).join(', ')}; got ${JSON.stringify(input.style)}.`);
  }
  for (const field of OF_STYLES) {
    const given = input[field] !== undefined;
    if (style?.needs.includes(field) === true && !given) {
      problem(field, `Expected a name: the style ${input.style} needs it; got nothing.`);
    } else if (style !== undefined && given && !style.needs.includes(field) && !style.may.includes(field)) {
      problem(
        field,
        `Expected nothing: the style ${input.style} has no ${field}; got ${JSON.stringify(input[field])}.`,
      );
    }
  }
  const within = (field: 'firstPage' | 'pageSize' | 'maxPages', least: number, most: number): void => {
    const value = input[field];
    if (value === undefined && field !== 'pageSize') return;
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
    problem(field, `Expected an integer from ${least} to ${most}; got ${String(value)}.`);
  };
  within('firstPage', 0, 1);
  within('pageSize', 1, MAX_PAGE_SIZE);
  within('maxPages', 1, MAX_PAGES);
  for (const field of ['items', 'nextCursor', 'nextLink', 'total'] as const) {
    const value = input[field];
    if (value === undefined || (field === 'items' && value === '')) continue;
    if (value.split('.').every((step) => step !== '')) continue;
    problem(field, `Expected names with dots between them; got ${JSON.stringify(value)}.`);
  }
  return problems;
}
