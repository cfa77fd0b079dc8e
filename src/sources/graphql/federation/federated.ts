import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, print } from 'graphql';
import type { EntityRelations, EntitySpec } from '../../entity/index.ts';
import type { ReadServices, Warning } from '../../source.ts';
import type { GraphQLInput } from '../definition.ts';
import { serviceSdl } from '../read/introspect.ts';
import type { LinkedNames } from './linked-names.ts';
import { readSubgraph } from './subgraph.ts';
import { withoutFederation, withoutParts } from './without-parts.ts';

export interface Federated {
  readonly sdl: string;
  /** Undefined when what it says of them cannot be read. */
  readonly entities?: readonly EntitySpec[];
  readonly relations?: EntityRelations;
  readonly warnings: readonly Warning[];
}

/**
 * What a service is beyond its schema if it is a subgraph of Apollo Federation: its entities, and its SDL without what
 * only its supergraph is to see. Undefined when it is none.
 */
export async function federated(
  url: string,
  told: { readonly schema: GraphQLSchema; readonly sdl: string },
  input: Pick<GraphQLInput, 'auth' | 'headers'>,
  services: ReadServices,
): Promise<Federated | undefined> {
  const query = told.schema.getQueryType();
  const fields = query?.getFields() ?? {};
  if (query == null || fields._service === undefined) return undefined;
  const text = await serviceSdl(url, input, services);
  if (text === undefined) return notRead(told.sdl, 'it does not tell the SDL of its _service');
  try {
    const { entities, relations, withheld, warnings, names } = readSubgraph(parse(text, { noLocation: true }));
    const left = new Set([...withheld, `${query.name}._service`]);
    return { sdl: print(seen(parse(told.sdl, { noLocation: true }), left, names)), entities, relations, warnings };
  } catch (error: unknown) {
    if (!(error instanceof GraphQLError)) throw error;
    return notRead(told.sdl, 'the SDL of its _service cannot be read');
  }
}

/** What of a subgraph's document, without extensions, others may see. */
export function seen(document: DocumentNode, withheld: ReadonlySet<string>, names: LinkedNames): DocumentNode {
  return withoutParts(withoutFederation(document, names), withheld);
}

function notRead(sdl: string, why: string): Federated {
  const message = `The service looks like a subgraph of Apollo Federation, but ${why}; it has no entities.`;
  return { sdl, warnings: [{ kind: 'SUBGRAPH_NOT_READ', path: 'input.graphql.url', message }] };
}
