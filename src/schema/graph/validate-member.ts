import {
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isObjectType,
  OperationTypeNode,
  validateSchema,
} from 'graphql';
import type { Problem } from '../../errors/index.ts';
import type { Steps } from '../../runtime/index.ts';
import type { SourceDescription } from '../../sources/index.ts';
import { subscriptionField } from './subscription-field.ts';
import type { GraphMember } from './types.ts';

/** A description never changes, so it is validated once, however many versions it is part of. */
const validated = new WeakMap<SourceDescription, readonly Problem[]>();

/** Types, or fields of one type, looked at between two places where others may come in. */
const STEP_TYPES = 100;
const STEP_FIELDS = 1000;

/** Everything that is wrong with a source's own part of the graph. */
export function* validateMember(member: GraphMember): Steps<readonly Problem[]> {
  const known = validated.get(member.description);
  if (known !== undefined) return known;
  const problems = [...(yield* schemaProblems(member)), ...operationProblems(member)];
  yield;
  validated.set(member.description, problems);
  return problems;
}

function* schemaProblems({ name, description }: GraphMember): Steps<readonly Problem[]> {
  const schema = withQueryType(description.schema);
  const types = Object.values(schema.getTypeMap()).flatMap(inPieces);
  yield;
  const messages = new Set<string>();
  for (let start = 0; start < types.length; start += STEP_TYPES) {
    const some = types.slice(start, start + STEP_TYPES);
    for (const { message } of validateSchema(lookingAt(schema, some))) messages.add(message);
    yield;
  }
  return [...messages].map((message) => ({
    path: name,
    message: `Source ${name} must have a valid schema; ${message}`,
  }));
}

/** A type of very many fields as several of some of them each: the root type of a large source is one. */
function inPieces(type: GraphQLNamedType): readonly GraphQLNamedType[] {
  const fields = isObjectType(type) ? Object.entries(type.getFields()) : [];
  if (fields.length <= STEP_FIELDS) return [type];
  return Array.from({ length: Math.ceil(fields.length / STEP_FIELDS) }, (_, index) => {
    const some = Object.fromEntries(fields.slice(index * STEP_FIELDS, (index + 1) * STEP_FIELDS));
    return Object.create(type, { getFields: { value: () => some } }) as GraphQLNamedType;
  });
}

/**
 * The same schema, with only some of its types to look at: validation walks the type map, in one go.
 * What validation found is kept in the schema, hence a place for that of its own.
 */
function lookingAt(schema: GraphQLSchema, types: readonly GraphQLNamedType[]): GraphQLSchema {
  return Object.create(schema, {
    getTypeMap: { value: () => types },
    __validationErrors: { value: undefined, writable: true },
  }) as GraphQLSchema;
}

/** A source may have mutations only; a schema by itself may not. */
function withQueryType(schema: GraphQLSchema): GraphQLSchema {
  if (schema.getQueryType() != null) return schema;
  const query = new GraphQLObjectType({ name: 'PlaceholderQuery', fields: { nothing: { type: GraphQLString } } });
  return new GraphQLSchema({ ...schema.toConfig(), query, assumeValid: false });
}

const OPERATION_TYPES = {
  query: OperationTypeNode.QUERY,
  mutation: OperationTypeNode.MUTATION,
  subscription: OperationTypeNode.SUBSCRIPTION,
} as const;

/** An operation without its field could never be called, a field of two operations would call either. */
function operationProblems({ name: source, description }: GraphMember): readonly Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const operation of description.operations.values()) {
    if (operation.hidden !== undefined) continue;
    const root = description.schema.getRootType(OPERATION_TYPES[operation.kind]);
    const path = `${source}.${operation.field}`;
    if (root?.getFields()[operation.field] === undefined) {
      const message = `Operation ${operation.name} of source ${source} must have a ${operation.kind} field; ${operation.field} is missing.`;
      problems.push({ path, message });
    }
    // Two fields of subscriptions may differ in nothing but the letter that a namespace makes a capital.
    const name =
      operation.kind === 'subscription' ? subscriptionField(description.namespace, operation.field) : operation.field;
    const other = taken.get(`${operation.kind} ${name}`);
    if (other !== undefined) {
      const message = `A field must answer one operation; ${operation.field} of source ${source} answers ${other} and ${operation.name}.`;
      problems.push({ path, message });
    }
    taken.set(`${operation.kind} ${name}`, operation.name);
  }
  return problems;
}
