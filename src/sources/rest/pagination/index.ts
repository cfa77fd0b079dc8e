export { checkPagination } from './check-pagination.ts';
export { linkAnswer, linkedPage } from './linked-page.ts';
export { targetOf } from './next-link.ts';
export { PagedCalls } from './paged-calls.ts';
export { Paginator } from './paginate.ts';
