import {
  type DirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { directivesNamed, hasDirective } from './directives.ts';
import { readFieldSet, type Types } from './field-set.ts';

/** Notes what means something to a supergraph and nothing, or less, to Weir. */
export type Warn = (path: string, message: string) => void;

interface Part {
  readonly name?: { readonly value: string };
  readonly directives?: readonly DirectiveNode[] | undefined;
  readonly fields?: readonly Part[] | undefined;
  readonly arguments?: readonly Part[] | undefined;
}

const GUARDS = ['authenticated', 'requiresScopes', 'policy'] as const;

/** Looks through the SDL of a subgraph, without extensions and in plain names. */
export function warnOfNotHeard({ definitions }: DocumentNode, types: Types, warn: Warn): void {
  const objects = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  for (const node of definitions) {
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION) warnOfInterface(node, objects, types, warn);
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION && hasDirective('interfaceObject', node)) {
      const message =
        '@interfaceObject is heard in part: its fields are added to the interface in other sources and to all that implement it there; what this source itself brings of the type has the fields of this source alone.';
      warn(node.name.value, message);
    }
    if ('name' in node && node.kind !== Kind.DIRECTIVE_DEFINITION) warnOfParts(node as Part, '', warn);
  }
}

/** Its implementations are entities by keys of their own, which a supergraph wants of them too. */
function warnOfInterface(
  node: InterfaceTypeDefinitionNode,
  objects: readonly ObjectTypeDefinitionNode[],
  types: Types,
  warn: Warn,
): void {
  const { value: name } = node.name;
  const written = (key: DirectiveNode, of: InterfaceTypeDefinitionNode | ObjectTypeDefinitionNode): string =>
    [...readFieldSet(key, of, types).paths].sort().join(' ');
  const implementing = objects.filter(({ interfaces }) => interfaces?.some((one) => one.name.value === name));
  for (const key of directivesNamed('key', node)) {
    const wanted = written(key, node);
    const without = implementing.filter(
      (type) => !directivesNamed('key', type).some((own) => written(own, type) === wanted),
    );
    if (without.length === 0) continue;
    const lacking = without.map((type) => type.name.value).join(', ');
    warn(
      name,
      `@key(fields: "${wanted}") is not heard for ${lacking}: an object type is an entity by a @key of its own.`,
    );
  }
}

function warnOfParts(part: Part, before: string, warn: Warn): void {
  const name = part.name?.value ?? '';
  const path = before + name;
  for (const guard of GUARDS) {
    if (!hasDirective(guard, part)) continue;
    const message = `@${guard} is not heard: whoever may see the source may ask for this. The subgraph must check it itself.`;
    warn(path, message);
  }
  if (hasDirective('fromContext', part)) {
    warn(path, '@fromContext is not heard: the value of the argument is for the client to give.');
  }
  for (const field of part.fields ?? []) warnOfParts(field, `${path}.`, warn);
  for (const argument of part.arguments ?? []) warnOfArgument(argument, path, warn);
}

function warnOfArgument(argument: Part, field: string, warn: Warn): void {
  const { value: name = '' } = argument.name ?? {};
  warnOfParts({ ...argument, name: { value: `${field}(${name}:)` } }, '', warn);
}
