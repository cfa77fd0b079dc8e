import { type DocumentNode, type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode } from 'graphql';
import type { EntitySpec } from '../../entity/index.ts';
import type { Warning } from '../../source.ts';
import { directivesNamed, fieldSet, hasDirective, textOf } from './directives.ts';
import { mergeExtensions } from './merge-extensions.ts';
import { ENTITIES_FIELD } from './names.ts';
import { withheldParts } from './withheld.ts';
import { withoutParts } from './without-parts.ts';

/** What the SDL of an Apollo Federation subgraph says besides its types. */
export interface Subgraph {
  readonly entities: readonly EntitySpec[];
  /** Coordinates of what is spoken of and not given, or not to be seen. */
  readonly withheld: ReadonlySet<string>;
  readonly warnings: readonly Warning[];
}

/** Representations in one request at most. */
const MAX_TOGETHER = 100;

interface Key {
  readonly paths: readonly string[];
  readonly resolvable: boolean;
}

/**
 * Reads the SDL of a subgraph, of version 1 or 2: each object type with `@key` is an entity that `_entities` gives,
 * many at once and in order; `@external` fields are others' to give, and `@requires` makes a field one that is
 * computed of them. Throws GraphQLError for a key that is none.
 * https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives
 */
export function readSubgraph(document: DocumentNode): Subgraph {
  const merged = mergeExtensions(document);
  const inKeys = new Set(
    objectTypes(merged).flatMap((type) =>
      keysOf(type).flatMap(({ paths }) => paths.map((path) => `${type.name.value}.${path.split('.')[0]}`)),
    ),
  );
  const withheld = withheldParts(merged, inKeys);
  const entities = objectTypes(withoutParts(merged, withheld)).flatMap((type) =>
    keysOf(type).flatMap((key) => entitiesOf(type.name.value, key, type.fields ?? [])),
  );
  return { entities, withheld, warnings: notHeard(merged) };
}

function entitiesOf(type: string, { paths, resolvable }: Key, fields: readonly FieldDefinitionNode[]): EntitySpec[] {
  if (!resolvable) return [{ type, key: paths }];
  const plain: string[] = [];
  const computed: EntitySpec[] = [];
  for (const field of fields) {
    const requires = fieldSet(directivesNamed('requires', field)[0]);
    if (requires.length === 0) plain.push(field.name.value);
    else computed.push(fetched(type, paths, [field.name.value], requires));
  }
  return [fetched(type, paths, plain, []), ...computed];
}

function fetched(
  type: string,
  key: readonly string[],
  fields: readonly string[],
  requires: readonly string[],
): EntitySpec {
  return {
    type,
    key,
    fields,
    operation: ENTITIES_FIELD,
    arguments: [
      { name: 'representations', from: 'FIELDS', fields: [...new Set([...key, ...requires])], typename: type },
    ],
    batch: { argument: 'representations', max: MAX_TOGETHER, position: true },
  };
}

function objectTypes({ definitions }: DocumentNode): readonly ObjectTypeDefinitionNode[] {
  return definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
}

/** A type that stands for the interface of another subgraph is an object in this one alone. */
function isEntity(type: ObjectTypeDefinitionNode): boolean {
  return !hasDirective('interfaceObject', type);
}

function keysOf(type: ObjectTypeDefinitionNode): readonly Key[] {
  if (!isEntity(type)) return [];
  return directivesNamed('key', type).map((one) => ({
    paths: fieldSet(one),
    resolvable: !one.arguments?.some(({ name, value }) => {
      return name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value;
    }),
  }));
}

/** What means something to a supergraph and nothing to Weir. */
function notHeard({ definitions }: DocumentNode): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (path: string, message: string): void => {
    warnings.push({ kind: 'FEDERATION_NOT_HEARD', path, message });
  };
  for (const node of definitions) {
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION && hasDirective('key', node)) {
      const message =
        'An interface is no entity: its @key is not heard. Object types are entities by keys of their own.';
      warn(node.name.value, message);
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const { value: type } = node.name;
    if (!isEntity(node)) {
      const message = '@interfaceObject is not heard: the type is of this source alone, and no entity.';
      warn(type, message);
    }
    for (const field of node.fields ?? []) {
      const [override] = directivesNamed('override', field);
      if (override === undefined) continue;
      const from = textOf(override, 'from') ?? '';
      const message = `@override is not heard: ${from} goes on giving the field too, until its own SDL has it no more.`;
      warn(`${type}.${field.name.value}`, message);
    }
  }
  return warnings;
}
