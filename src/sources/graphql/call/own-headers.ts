import type { Secret } from '../../../runtime/index.ts';
import { HeaderFields, isFramingField } from '../../shared/header-fields.ts';
import { userAgent } from '../../shared/user-agent.ts';

export type OwnerHeaders = readonly { readonly name: string; readonly value: string | Secret }[];

/**
 * The headers that every request to a GraphQL service has, but for its credential. Later ones win: what the owner set,
 * then what the client sent and the owner forwards. Throws RequestRefused.
 */
export function ownHeaders(
  accept: string,
  ownerHeaders: OwnerHeaders,
  forwarded: readonly (readonly [name: string, value: string])[] = [],
): HeaderFields {
  const fields = new HeaderFields();
  fields.set('accept', accept, 'Accept');
  fields.set('user-agent', userAgent, 'User-Agent');
  for (const { name, value } of ownerHeaders) {
    if (isFramingField(name)) continue;
    fields.set(name, typeof value === 'string' ? value : value.reveal(), `the source's header "${name}"`);
  }
  for (const [name, value] of forwarded) fields.set(name, value, `the forwarded header "${name}"`, true);
  return fields;
}

/** GraphQL over HTTP, section 6.1: servers of before its media type know application/json alone. */
export const GRAPHQL_ANSWERS = 'application/graphql-response+json, application/json;q=0.9';
