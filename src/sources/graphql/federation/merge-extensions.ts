import { type DefinitionNode, type DocumentNode, Kind } from 'graphql';

const DEFINITION_OF: Readonly<Record<string, DefinitionNode['kind']>> = {
  [Kind.SCHEMA_EXTENSION]: Kind.SCHEMA_DEFINITION,
  [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION,
  [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION,
  [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION,
  [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION,
  [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION,
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
};

const LISTS = ['directives', 'interfaces', 'fields', 'values', 'types', 'operationTypes'] as const;

type Lists = Readonly<Partial<Record<(typeof LISTS)[number], readonly unknown[]>>>;

/** The document without extensions: a subgraph may extend a type that only another one defines. */
export function mergeExtensions(document: DocumentNode): DocumentNode {
  const extensions = Map.groupBy(document.definitions.filter(isExtension), keyOf);
  const defined = new Set(document.definitions.filter((node) => !isExtension(node)).map(keyOf));
  const definitions: DefinitionNode[] = [];
  for (const node of document.definitions) {
    const key = keyOf(node);
    const more = extensions.get(key) ?? [];
    const kind = DEFINITION_OF[node.kind];
    if (kind !== undefined && (more.length === 0 || defined.has(key))) continue;
    extensions.delete(key);
    const merged = kind === undefined ? [node, ...more].reduce(together) : more.reduce(together);
    definitions.push({ ...merged, kind: kind ?? node.kind } as DefinitionNode);
  }
  return { ...document, definitions };
}

function isExtension({ kind }: DefinitionNode): boolean {
  return DEFINITION_OF[kind] !== undefined;
}

function keyOf(node: DefinitionNode): string {
  return `${DEFINITION_OF[node.kind] ?? node.kind} ${'name' in node ? node.name?.value : ''}`;
}

function together(one: DefinitionNode, other: DefinitionNode): DefinitionNode {
  const [first, second] = [one as Lists, other as Lists];
  const lists = LISTS.flatMap((list) => {
    const all = [...(first[list] ?? []), ...(second[list] ?? [])];
    return all.length === 0 ? [] : [[list, all] as const];
  });
  return { ...one, ...Object.fromEntries(lists) };
}
