import { GraphQLError } from 'graphql';

/** `weir-max-stale: <seconds>`: a value that makes no sense is refused, since ignoring it would serve older answers. */
export function checkMaxStale(value: string | string[] | undefined): void {
  if (isMaxStale(value)) return;
  throw new GraphQLError(`Header weir-max-stale: expected a number of seconds, got ${JSON.stringify(value)}.`, {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}

export function isMaxStale(value: string | string[] | undefined): boolean {
  return value === undefined || (typeof value === 'string' && /^\d{1,9}(\.\d{1,3})?$/.test(value.trim()));
}
