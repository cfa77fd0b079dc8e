import { type DirectiveNode, type FieldNode, Kind, parse } from 'graphql';

/** https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives */
const DIRECTIVES: ReadonlySet<string> = new Set(
  `key external requires provides extends shareable override inaccessible tag link interfaceObject composeDirective
   authenticated requiresScopes policy context fromContext cost listSize`.split(/\s+/),
);

interface Directed {
  readonly directives?: readonly DirectiveNode[] | undefined;
}

export function isDirectiveOfFederation(name: string): boolean {
  return DIRECTIVES.has(name) || /^(?:federation|link|core)__/.test(name);
}

/** Version 2 may write a directive that is not imported with the name of its specification before it. */
export function directivesNamed(name: string, { directives = [] }: Directed): readonly DirectiveNode[] {
  return directives.filter((one) => one.name.value === name || one.name.value === `federation__${name}`);
}

export function hasDirective(name: string, node: Directed): boolean {
  return directivesNamed(name, node).length > 0;
}

/** The text that a directive is given in an argument. */
export function textOf(directive: DirectiveNode | undefined, argument: string): string | undefined {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** The paths of its field set: `id owner { id }` is `id` and `owner.id`. Throws GraphQLError for what is none. */
export function fieldSet(of: DirectiveNode | undefined): readonly string[] {
  const text = textOf(of, 'fields');
  if (text === undefined) return [];
  const [operation] = parse(`{${text}}`, { noLocation: true }).definitions;
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
