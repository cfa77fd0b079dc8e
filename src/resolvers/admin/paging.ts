import { GraphQLError } from 'graphql';
import type { Page } from '../../registry/index.ts';

const MAX_FIRST = 200;

/** A page as the API shows it. */
export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
}

/** `first` of any list. Throws BAD_USER_INPUT outside of its range. */
export function readFirst(first: number, most = MAX_FIRST): number {
  if (first >= 1 && first <= most) return first;
  throw badInput(`first: expected a number from 1 to ${most}; came ${first}.`);
}

export function toConnection<T>(page: Page<T>, prefix: string, position: (node: T) => string): Connection<T> {
  const last = page.nodes.at(-1);
  return {
    nodes: page.nodes,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      endCursor: last === undefined ? null : Buffer.from(`${prefix}:${position(last)}`).toString('base64url'),
    },
    totalCount: page.totalCount,
  };
}

/** The position in a cursor that `toConnection` made with the same prefix. Throws BAD_USER_INPUT for any other text. */
export function readCursor(after: string | null | undefined, prefix: string): string | undefined {
  if (after === null || after === undefined) return undefined;
  const text = Buffer.from(after, 'base64url').toString();
  if (text.startsWith(`${prefix}:`)) return text.slice(prefix.length + 1);
  throw badCursor(after);
}

/** The same, where positions are whole numbers. */
export function readNumberCursor(after: string | null | undefined, prefix: string): number | undefined {
  const position = readCursor(after, prefix);
  if (position === undefined) return undefined;
  if (/^\d{1,15}$/.test(position)) return Number(position);
  throw badCursor(after);
}

function badCursor(after: string | null | undefined): GraphQLError {
  const got = JSON.stringify(after?.slice(0, 100));
  return badInput(`after: expected the endCursor of an earlier page of this list; got ${got}.`);
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
