import { type DirectiveNode, type DocumentNode, Kind, type NameNode } from 'graphql';
import { hasDirective } from './directives.ts';

interface Part {
  readonly name: NameNode;
  readonly directives?: readonly DirectiveNode[] | undefined;
  readonly arguments?: readonly Part[] | undefined;
}

/**
 * Coordinates of what a subgraph (without extensions) speaks of and does not give, or does not let be seen: `@external`
 * fields (also by their type) that are in no key, and whatever is `@inaccessible`.
 */
export function withheldParts({ definitions }: DocumentNode, inKeys: ReadonlySet<string>): ReadonlySet<string> {
  const withheld = new Set<string>();
  const look = (coordinate: string, part: Part, of?: Pick<Part, 'directives'>): void => {
    const isExternal = hasDirective('external', part) || (of !== undefined && hasDirective('external', of));
    const isOthers = isExternal && !inKeys.has(coordinate);
    if (isOthers || hasDirective('inaccessible', part)) withheld.add(coordinate);
  };
  for (const node of definitions) {
    if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const { value: type } = node.name;
    if (hasDirective('inaccessible', node)) withheld.add(type);
    const parts: readonly Part[] = 'fields' in node ? (node.fields ?? []) : 'values' in node ? (node.values ?? []) : [];
    for (const part of parts) {
      const coordinate = `${type}.${part.name.value}`;
      look(coordinate, part, 'fields' in node ? node : undefined);
      for (const argument of part.arguments ?? []) look(`${coordinate}(${argument.name.value}:)`, argument);
    }
  }
  return withheld;
}
