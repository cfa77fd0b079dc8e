import {
  type BreakingChange,
  BreakingChangeType,
  findBreakingChanges,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type NamedTypeNode,
  type NameNode,
} from 'graphql';
import type { Problem } from '../../../errors/index.ts';
import { placeOf } from './read-sdl.ts';

const EXPECTED = 'Expected the SDL to agree with the service';

/** Directives of a schema are not in the graph, so nobody is hurt when they differ. */
const HARMLESS: ReadonlySet<string> = new Set([
  BreakingChangeType.DIRECTIVE_REMOVED,
  BreakingChangeType.DIRECTIVE_ARG_REMOVED,
  BreakingChangeType.DIRECTIVE_LOCATION_REMOVED,
  BreakingChangeType.DIRECTIVE_REPEATABLE_REMOVED,
  BreakingChangeType.REQUIRED_DIRECTIVE_ARG_ADDED,
]);

type Field = GraphQLField<unknown, unknown> | GraphQLInputField;

/** The words of a change that name something, in the order in which graphql-js says them. */
type Words = readonly [string, string, string, string, string];

interface Disagreement {
  /** What graphql-js says of it, with a group for each word. */
  readonly said: RegExp;
  /** Goes on a sentence: `…; the service has no Query.item`. */
  readonly message: (words: Words) => string;
  /** The name in the SDL that is at fault: where the SDL lacks something, that of what lacks it. */
  readonly at: (given: GraphQLSchema, words: Words) => NameNode | undefined;
}

/** graphql-js tells a change in one sentence alone, as what became of the SDL. */
const DISAGREEMENTS: Readonly<Partial<Record<BreakingChangeType, Disagreement>>> = {
  [BreakingChangeType.TYPE_REMOVED]: {
    said: /^(\w+) was removed\.$/,
    message: ([type]) => `the service has no type ${type}`,
    at: (given, [type]) => given.getType(type)?.astNode?.name,
  },
  [BreakingChangeType.TYPE_CHANGED_KIND]: {
    said: /^(\w+) changed from (.+) to (.+)\.$/,
    message: ([type, is, other]) => `${type} is ${is} here, and ${other} in the service`,
    at: (given, [type]) => given.getType(type)?.astNode?.name,
  },
  [BreakingChangeType.TYPE_REMOVED_FROM_UNION]: {
    said: /^(\w+) was removed from union type (\w+)\.$/,
    message: ([member, union]) => `in the service ${member} is not in the union ${union}`,
    at: (given, [member, union]) => memberName(given.getType(union), member),
  },
  [BreakingChangeType.VALUE_REMOVED_FROM_ENUM]: {
    said: /^(\w+) was removed from enum type (\w+)\.$/,
    message: ([value, type]) => `the service has no ${type}.${value}`,
    at: (given, [value, type]) => valueName(given.getType(type), value),
  },
  [BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED]: {
    said: /^(\w+) no longer implements interface (\w+)\.$/,
    message: ([type, name]) => `in the service ${type} does not implement ${name}`,
    at: (given, [type, name]) => memberName(given.getType(type), name),
  },
  [BreakingChangeType.FIELD_REMOVED]: {
    said: /^(\w+)\.(\w+) was removed\.$/,
    message: ([type, field]) => `the service has no ${type}.${field}`,
    at: (given, [type, field]) => fieldOf(given.getType(type), field)?.astNode?.name,
  },
  [BreakingChangeType.FIELD_CHANGED_KIND]: {
    said: /^(\w+)\.(\w+) changed type from (\S+) to (\S+)\.$/,
    message: ([type, field, is, other]) => `${type}.${field} is of type ${is} here, and ${other} in the service`,
    at: (given, [type, field]) => fieldOf(given.getType(type), field)?.astNode?.name,
  },
  [BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED]: {
    said: /^A required field (\w+) on input type (\w+) was added\.$/,
    message: ([field, type]) => `the service requires ${type}.${field}, which the SDL lacks`,
    at: (given, [, type]) => given.getType(type)?.astNode?.name,
  },
  [BreakingChangeType.REQUIRED_ARG_ADDED]: {
    said: /^A required arg (\w+) on (\w+)\.(\w+) was added\.$/,
    message: ([arg, type, field]) => `the service requires ${type}.${field}(${arg}:), which the SDL lacks`,
    at: (given, [, type, field]) => fieldOf(given.getType(type), field)?.astNode?.name,
  },
  [BreakingChangeType.ARG_REMOVED]: {
    said: /^(\w+)\.(\w+) arg (\w+) was removed\.$/,
    message: ([type, field, arg]) => `the service has no ${type}.${field}(${arg}:)`,
    at: (given, [type, field, arg]) => argumentName(given.getType(type), field, arg),
  },
  [BreakingChangeType.ARG_CHANGED_KIND]: {
    said: /^(\w+)\.(\w+) arg (\w+) has changed type from (\S+) to (\S+)\.$/,
    message: ([type, field, arg, is, other]) =>
      `${type}.${field}(${arg}:) is of type ${is} here, and ${other} in the service`,
    at: (given, [type, field, arg]) => argumentName(given.getType(type), field, arg),
  },
};

/**
 * Where SDL promises what the service does not have. The SDL may leave things out; what it has must be there, and be
 * as it says. `given` is the schema of the SDL, `upstream` the one that introspection told.
 */
export function disagreements(given: GraphQLSchema, upstream: GraphQLSchema): readonly Problem[] {
  return findBreakingChanges(given, upstream).flatMap((change) => problemOf(change, given));
}

function problemOf({ type, description }: BreakingChange, given: GraphQLSchema): readonly Problem[] {
  // A scalar of the specification is in a schema where something is of its type: what is of it here is told itself.
  if (HARMLESS.has(type) || description.startsWith('Standard scalar ')) return [];
  const disagreement = DISAGREEMENTS[type];
  const said = disagreement?.said.exec(description);
  if (disagreement === undefined || said == null) {
    return [{ path: placeOf(undefined), message: `${EXPECTED}; compared with it: ${description}` }];
  }
  const words = said.slice(1) as readonly string[] as Words;
  const at = disagreement.at(given, words)?.loc?.startToken;
  return [{ path: placeOf(at), message: `${EXPECTED}; ${disagreement.message(words)}.` }];
}

function fieldOf(type: GraphQLNamedType | undefined, name: string): Field | undefined {
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return undefined;
  return type.getFields()[name];
}

function argumentName(type: GraphQLNamedType | undefined, field: string, name: string): NameNode | undefined {
  const found = fieldOf(type, field);
  if (found === undefined || !('args' in found)) return undefined;
  return found.args.find((argument) => argument.name === name)?.astNode?.name;
}

function valueName(type: GraphQLNamedType | undefined, name: string): NameNode | undefined {
  return isEnumType(type) ? type.getValue(name)?.astNode?.name : undefined;
}

/** Of a union its types, of other types the interfaces that they implement; what extends the type counts too. */
function memberName(type: GraphQLNamedType | undefined, name: string): NameNode | undefined {
  return listed(type).find((member) => member.name.value === name)?.name;
}

function listed(type: GraphQLNamedType | undefined): readonly NamedTypeNode[] {
  if (isUnionType(type)) return [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.types ?? []);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.interfaces ?? []);
}
