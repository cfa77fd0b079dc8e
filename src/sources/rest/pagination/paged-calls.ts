import { canonicalJson } from '../../../cache/index.ts';
import type { Clock } from '../../../runtime/index.ts';
import type { Outcome } from '../../outcome.ts';
import type { PagePlan, RestOperation } from '../plan.ts';
import { createCursors, type Position } from './cursors.ts';
import type { PageMemory } from './next-position.ts';
import { readFirst, walkPages } from './walk.ts';

/** Calls the operation once: with these arguments, at this address below the endpoint when there is one. */
export type FetchPage = (args: Readonly<Record<string, unknown>>, address: string | undefined) => Promise<Outcome>;

export interface PagedCallsOptions {
  readonly source: string;
  /** 32 bytes that seal cursors: who has the same key understands them. */
  readonly key: Uint8Array;
  readonly clock: Clock;
}

/** The calls of one source whose answers are put together from pages. */
export class PagedCalls {
  readonly #options: PagedCallsOptions;
  readonly #memories = new Map<string, PageMemory>();

  constructor(options: PagedCallsOptions) {
    this.#options = options;
  }

  /** `args` are those of the field. Throws RequestRefused when `first` or `after` is none. */
  call(operation: RestOperation, plan: PagePlan, args: Readonly<Record<string, unknown>>, fetch: FetchPage) {
    const { source, key, clock } = this.#options;
    const { first, after, ...own } = args;
    let memory = this.#memories.get(operation.name);
    if (memory === undefined) {
      memory = { fullPages: false };
      this.#memories.set(operation.name, memory);
    }
    return walkPages({
      source,
      plan,
      first: readFirst(first, plan),
      after: typeof after === 'string' ? after : undefined,
      cursors: createCursors({ plan, key, scope: canonicalJson([source, operation.name, own]) }),
      memory,
      now: () => clock.now(),
      fetch: (at) => fetch(pageArguments(plan, own, at), plan.style === 'LINK' ? addressOf(at) : undefined),
    });
  }
}

function pageArguments(
  { style, positionArgument, sizeArgument, pageSize }: PagePlan,
  own: Readonly<Record<string, unknown>>,
  at: Position['at'],
): Readonly<Record<string, unknown>> {
  return {
    ...own,
    ...(sizeArgument === undefined ? {} : { [sizeArgument]: pageSize }),
    ...(style === 'LINK' || positionArgument === undefined || at === null ? {} : { [positionArgument]: at }),
  };
}

function addressOf(at: Position['at']): string | undefined {
  return typeof at === 'string' ? at : undefined;
}
