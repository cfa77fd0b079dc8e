import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse, visit } from 'graphql';
import { directivesNamed, isDirectiveOfFederation, textOf } from './directives.ts';
import { seen } from './federated.ts';
import { inPlainNames, linkedNames } from './linked-names.ts';
import { mergeExtensions } from './merge-extensions.ts';
import { ENTITIES_FIELD, ENTITIES_TYPES } from './names.ts';
import { readSubgraph, type Subgraph } from './subgraph.ts';

export interface GivenSubgraph extends Subgraph {
  /** What the service shows of itself, less what others may not see; with the field that gives its entities. */
  readonly document: DocumentNode;
}

/**
 * SDL as the author of a subgraph writes it, or its `_service` tells it. Undefined for SDL without directives of Apollo
 * Federation. Throws GraphQLError for a key that is none.
 */
export function givenSubgraph(document: DocumentNode): GivenSubgraph | undefined {
  const named = inPlainNames(document, linkedNames(document));
  if (!isSubgraph(named)) return undefined;
  const subgraph = readSubgraph(document);
  const plain = visit(mergeExtensions(named), {
    [Kind.DIRECTIVE]: ({ name }) => (isDirectiveOfFederation(name.value) ? null : undefined),
  });
  const given = new Set(subgraph.entities.flatMap(({ type, operation }) => (operation === undefined ? [] : [type])));
  const own = seen(
    plain,
    new Set([...subgraph.withheld, ...ENTITIES_TYPES, `${queryName(plain)}._service`]),
    subgraph.names,
  );
  return { ...subgraph, document: given.size === 0 ? own : withEntitiesField(own, [...given]) };
}

function isSubgraph({ definitions }: DocumentNode): boolean {
  return definitions.some((node) => {
    if (!('directives' in node)) return false;
    const hasKey = directivesNamed('key', node).some((key) => textOf(key, 'fields') !== undefined);
    const links = directivesNamed('link', node);
    return hasKey || links.some((link) => textOf(link, 'url')?.startsWith('https://specs.apollo.dev/federation/'));
  });
}

function withEntitiesField(document: DocumentNode, types: readonly string[]): DocumentNode {
  const name = queryName(document);
  const [field, ...others] = parse(
    `type ${name} { ${ENTITIES_FIELD}(representations: [_Any!]!): [_Entity]! }
     scalar _Any
     union _Entity = ${types.join(' | ')}`,
    { noLocation: true },
  ).definitions as readonly [ObjectTypeDefinitionNode, ...DocumentNode['definitions']];
  const before = document.definitions.find(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === name,
  );
  if (before?.kind !== Kind.OBJECT_TYPE_DEFINITION) {
    return { ...document, definitions: [...document.definitions, field, ...others] };
  }
  const query = { ...before, fields: [...(before.fields ?? []), ...(field.fields ?? [])] };
  const definitions = document.definitions.map((node) => (node === before ? query : node));
  return { ...document, definitions: [...definitions, ...others] };
}

function queryName({ definitions }: DocumentNode): string {
  const schema = definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION);
  return schema?.operationTypes.find(({ operation }) => operation === 'query')?.type.name.value ?? 'Query';
}
