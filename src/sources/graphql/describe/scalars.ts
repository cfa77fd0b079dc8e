import { GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { restScalars } from '../../rest/mapping/scalars.ts';

/**
 * Scalars of the whole graph that carry their values as they are. Those that turn numbers into text or back
 * (BigInt, SafeInt, Byte) are not among them: an upstream's scalar of that name may do it another way.
 */
const SHARED = ['JSON', 'DateTime', 'Date', 'UUID', 'URL', 'EmailAddress', 'IPv4', 'IPv6', 'Duration'] as const;

/** The scalar of the graph that means the same as the upstream's: same name, and no other specification. */
export function sharedScalar(upstream: GraphQLScalarType): GraphQLScalarType | undefined {
  if (!SHARED.some((name) => name === upstream.name)) return undefined;
  const shared = restScalars.get(upstream.name);
  const { specifiedByURL } = upstream;
  if (specifiedByURL == null || specifiedByURL === shared?.specifiedByURL) return shared;
  return undefined;
}

const PASS_THROUGH = 'weirPassThrough';

export function isPassThrough(scalar: GraphQLScalarType): boolean {
  return scalar.extensions[PASS_THROUGH] === true;
}

/** A scalar whose values go through in both directions as they come: only the upstream knows what they mean. */
export function passThroughScalar(name: string, upstream: GraphQLScalarType): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    description: upstream.description,
    specifiedByURL: upstream.specifiedByURL,
    extensions: { [PASS_THROUGH]: true },
    // As BigInt of the graph does it: JSON numbers of most clients end at 2^53.
    serialize: (value) => (typeof value === 'bigint' ? value.toString() : value),
    parseValue: (value) => value,
    // JavaScript numbers lose the last digits of long integers; the document has them all.
    parseLiteral: (node, variables) => {
      if (node.kind === Kind.INT && !Number.isSafeInteger(Number(node.value))) return BigInt(node.value);
      return valueFromASTUntyped(node, variables);
    },
  });
}
