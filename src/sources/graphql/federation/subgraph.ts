import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
} from 'graphql';
import type { EntitySpec } from '../../entity/index.ts';

/** What the SDL of an Apollo Federation subgraph says besides its types. */
export interface Subgraph {
  readonly entities: readonly EntitySpec[];
  /** `Type.field`: fields that are spoken of and not given, or not to be seen. */
  readonly withheld: ReadonlySet<string>;
}

/** Representations in one request at most. */
const MAX_TOGETHER = 100;

interface Key {
  readonly paths: readonly string[];
  readonly resolvable: boolean;
}

/** One object type, with all of its extensions. */
interface Parts {
  readonly keys: Key[];
  readonly fields: Map<string, FieldDefinitionNode>;
}

/**
 * Reads the SDL that `_service` tells, of version 1 or 2: each type with `@key` is an entity that `_entities` gives,
 * many at once and in order; `@external` fields are others' to give, and `@requires` makes a field one that is
 * computed of them. Throws GraphQLError for what is no SDL.
 * https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives
 */
export function readSubgraph(sdl: string): Subgraph {
  const entities: EntitySpec[] = [];
  const withheld = new Set<string>();
  for (const [type, { keys, fields }] of objectTypes(parse(sdl, { noLocation: true }))) {
    const inKeys = new Set(keys.flatMap(({ paths }) => paths.map((path) => path.split('.')[0] ?? path)));
    for (const [name, field] of fields) {
      const isOthers = directive(field, 'external') !== undefined && !inKeys.has(name);
      if (isOthers || directive(field, 'inaccessible') !== undefined) withheld.add(`${type}.${name}`);
    }
    const own = [...fields.values()].filter(({ name }) => !withheld.has(`${type}.${name.value}`));
    for (const key of keys) entities.push(...entitiesOf(type, key, own));
  }
  return { entities, withheld };
}

function entitiesOf(type: string, { paths, resolvable }: Key, fields: readonly FieldDefinitionNode[]): EntitySpec[] {
  if (!resolvable) return [{ type, key: paths }];
  const plain: string[] = [];
  const computed: EntitySpec[] = [];
  for (const field of fields) {
    const requires = fieldSet(directive(field, 'requires'));
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
    operation: '_entities',
    arguments: [
      { name: 'representations', from: 'FIELDS', fields: [...new Set([...key, ...requires])], typename: type },
    ],
    batch: { argument: 'representations', max: MAX_TOGETHER, position: true },
  };
}

function objectTypes({ definitions }: DocumentNode): ReadonlyMap<string, Parts> {
  const types = new Map<string, Parts>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    const { value: name } = definition.name;
    const parts: Parts = types.get(name) ?? { keys: [], fields: new Map() };
    types.set(name, parts);
    parts.keys.push(...keysOf(definition));
    for (const field of definition.fields ?? []) parts.fields.set(field.name.value, field);
  }
  return types;
}

function keysOf({ directives = [] }: ObjectTypeDefinitionNode | ObjectTypeExtensionNode): readonly Key[] {
  return directives.filter(isNamed('key')).map((one) => ({
    paths: fieldSet(one),
    resolvable: !one.arguments?.some(({ name, value }) => {
      return name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value;
    }),
  }));
}

function directive({ directives }: FieldDefinitionNode, name: string): ConstDirectiveNode | undefined {
  return directives?.find(isNamed(name));
}

/** Version 2 may write a directive that is not imported with the name of its specification before it. */
function isNamed(name: string): (directive: ConstDirectiveNode) => boolean {
  return (one) => one.name.value === name || one.name.value === `federation__${name}`;
}

/** The paths of a field set: `id owner { id }` is `id` and `owner.id`. */
function fieldSet(of: ConstDirectiveNode | undefined): readonly string[] {
  const value = of?.arguments?.find(({ name }) => name.value === 'fields')?.value;
  if (value?.kind !== Kind.STRING) return [];
  const [operation] = parse(`{${value.value}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return pathsOf(operation.selectionSet.selections.filter((node) => node.kind === Kind.FIELD));
}

function pathsOf(fields: readonly FieldNode[]): readonly string[] {
  return fields.flatMap(({ name, selectionSet }) => {
    if (name.value === '__typename') return [];
    const below = selectionSet?.selections.filter((node) => node.kind === Kind.FIELD) ?? [];
    return below.length === 0 ? [name.value] : pathsOf(below).map((path) => `${name.value}.${path}`);
  });
}
