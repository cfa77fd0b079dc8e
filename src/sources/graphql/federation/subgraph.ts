import { type DocumentNode, isTypeDefinitionNode, Kind, type ObjectTypeDefinitionNode } from 'graphql';
import type { EntityRelations, EntitySpec, KeyedInterface } from '../../entity/index.ts';
import type { Warning } from '../../source.ts';
import { directivesNamed, hasDirective } from './directives.ts';
import { type FieldSet, fieldsOf, isList, readFieldSet, type Types } from './field-set.ts';
import { inPlainNames, type LinkedNames, linkedNames } from './linked-names.ts';
import { mergeExtensions } from './merge-extensions.ts';
import { ENTITIES_FIELD } from './names.ts';
import { type Warn, warnOfNotHeard } from './not-heard.ts';
import { overridesOf } from './overrides.ts';
import { valueTypes } from './value-types.ts';
import { withheldParts } from './withheld.ts';
import { withoutParts } from './without-parts.ts';

/** What the SDL of an Apollo Federation subgraph says besides its types. */
export interface Subgraph {
  readonly entities: readonly EntitySpec[];
  readonly relations: EntityRelations;
  /** Coordinates of what is spoken of and not given, or not to be seen. */
  readonly withheld: ReadonlySet<string>;
  readonly warnings: readonly Warning[];
  /** What it calls the directives and types of federation. */
  readonly names: LinkedNames;
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
  const names = linkedNames(document);
  const merged = mergeExtensions(inPlainNames(document, names));
  const types = new Map(merged.definitions.filter(isTypeDefinitionNode).map((node) => [node.name.value, node]));
  const warnings: Warning[] = [];
  const warn: Warn = (path, message) => warnings.push({ kind: 'FEDERATION_NOT_HEARD', path, message });

  const entityTypes = objectTypes(merged).filter((type) => hasDirective('key', type));
  const inKeys = new Set(
    entityTypes.flatMap((type) =>
      directivesNamed('key', type).flatMap((key) => readFieldSet(key, type, types).coordinates),
    ),
  );
  const withheld = new Set([...withheldParts(merged, inKeys), ...notComputable(entityTypes, types, warn)]);
  const keys = new Map(entityTypes.map((type) => [type.name.value, keysOf(type, types, warn)]));
  const given = objectTypes(withoutParts(merged, withheld));
  const roots = rootNames(merged);
  const entities = given.flatMap((type) =>
    (keys.get(type.name.value) ?? []).flatMap((key) => entitiesOf(type, key, types)),
  );
  const others = given.filter((type) => !keys.has(type.name.value) && !roots.has(type.name.value));
  const overrides = overridesOf(merged, inKeys, warn);
  warnOfNotHeard(merged, types, warn);
  const interfaceObjects = entityTypes.filter((type) => hasDirective('interfaceObject', type));
  const relations = {
    overrides,
    keyedInterfaces: keyedInterfaces(merged, types),
    interfaceObjects: interfaceObjects.map((type) => type.name.value),
  };
  return { entities: [...entities, ...valueTypes(others, types, inKeys)], relations, withheld, warnings, names };
}

function entitiesOf(node: ObjectTypeDefinitionNode, { paths, resolvable }: Key, types: Types): EntitySpec[] {
  const { value: type } = node.name;
  if (!resolvable) return [{ type, key: paths }];
  const plain: string[] = [];
  const computed: EntitySpec[] = [];
  for (const field of fieldsOf(node)) {
    const requires = readFieldSet(directivesNamed('requires', field)[0], node, types).paths;
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

function rootNames({ definitions }: DocumentNode): ReadonlySet<string> {
  const schema = definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION);
  const named = schema?.operationTypes.map(({ type }) => type.name.value) ?? [];
  return new Set(named.length === 0 ? ['Query', 'Mutation', 'Subscription'] : named);
}

/** Interfaces with a key, each with the types that implement it and have a key as well. */
function keyedInterfaces({ definitions }: DocumentNode, types: Types): readonly KeyedInterface[] {
  return definitions.flatMap((node): readonly KeyedInterface[] => {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION || !hasDirective('key', node)) return [];
    const { value: name } = node.name;
    const implementing = [...types.values()].filter(
      (type) =>
        type.kind === Kind.OBJECT_TYPE_DEFINITION &&
        hasDirective('key', type) &&
        type.interfaces?.some((one) => one.name.value === name),
    );
    return [{ name, types: implementing.map((type) => type.name.value) }];
  });
}

/** The keys by which a type can be asked for; others are warned of. */
function keysOf(type: ObjectTypeDefinitionNode, types: Types, warn: Warn): readonly Key[] {
  return directivesNamed('key', type).flatMap((one): readonly Key[] => {
    const set = readFieldSet(one, type, types);
    const problem = set.problem ?? keyProblem(set, types);
    if (problem !== undefined) {
      warn(type.name.value, `@key(fields: "${set.paths.join(' ')}") is not heard: it ${problem}.`);
      return [];
    }
    const resolvable = !one.arguments?.some(({ name, value }) => {
      return name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value;
    });
    return [{ paths: set.paths, resolvable }];
  });
}

function keyProblem({ coordinates }: FieldSet, types: Types): string | undefined {
  for (const coordinate of coordinates) {
    const [type = '', name] = coordinate.split('.');
    const field = fieldsOf(types.get(type)).find((one) => one.name.value === name);
    if (field === undefined) continue;
    if (hasDirective('inaccessible', field)) return `takes ${coordinate}, which is @inaccessible`;
    if (isList(field.type)) return `takes ${coordinate}, which is a list`;
  }
  return undefined;
}

/** Fields that need of others what cannot be handed to them: without it their values would be wrong. */
function notComputable(entities: readonly ObjectTypeDefinitionNode[], types: Types, warn: Warn): readonly string[] {
  return entities.flatMap((type) =>
    fieldsOf(type).flatMap((field): readonly string[] => {
      const [requires] = directivesNamed('requires', field);
      const { problem } = readFieldSet(requires, type, types);
      if (problem === undefined) return [];
      const path = `${type.name.value}.${field.name.value}`;
      warn(path, `@requires cannot be followed, so the field is not in the graph: its field set ${problem}.`);
      return [path];
    }),
  );
}
