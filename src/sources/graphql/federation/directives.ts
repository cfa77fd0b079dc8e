import { type DirectiveNode, Kind } from 'graphql';

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

/** In a document in plain names (`inPlainNames`). */
export function directivesNamed(name: string, { directives = [] }: Directed): readonly DirectiveNode[] {
  return directives.filter((one) => one.name.value === name);
}

export function hasDirective(name: string, node: Directed): boolean {
  return directivesNamed(name, node).length > 0;
}

/** The text that a directive is given in an argument. */
export function textOf(directive: DirectiveNode | undefined, argument: string): string | undefined {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
