import { Kind, print, type TypeNode, type ValueNode } from 'graphql';

/** The name that a client's variable has in a sub-request: apart from those of the sub-request's own arguments. */
export function variableName(name: string): string {
  return `v_${name}`;
}

/** A value as text, with the client's variables renamed and told of. */
export function printValue(node: ValueNode, onVariable: (name: string) => void): string {
  switch (node.kind) {
    case Kind.VARIABLE:
      onVariable(node.name.value);
      return `$${variableName(node.name.value)}`;
    case Kind.LIST:
      return `[${node.values.map((value) => printValue(value, onVariable)).join(' ')}]`;
    case Kind.OBJECT:
      return `{${node.fields.map(({ name, value }) => `${name.value}:${printValue(value, onVariable)}`).join(' ')}}`;
    default:
      return print(node);
  }
}

/** A type reference as text, in the upstream's names. */
export function printType(node: TypeNode, upstreamNames: ReadonlyMap<string, string>): string {
  switch (node.kind) {
    case Kind.NON_NULL_TYPE:
      return `${printType(node.type, upstreamNames)}!`;
    case Kind.LIST_TYPE:
      return `[${printType(node.type, upstreamNames)}]`;
    case Kind.NAMED_TYPE:
      return upstreamNames.get(node.name.value) ?? node.name.value;
    default: {
      const never: never = node;
      return never;
    }
  }
}
