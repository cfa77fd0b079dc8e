import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  OperationTypeNode,
  printSchema,
  printType,
} from 'graphql';
import { inTurns, type Steps } from '../../runtime/index.ts';

/** The same text as graphql's `printSchema` gives, made in short turns: a large schema takes it a long stretch. */
export function printInTurns(schema: GraphQLSchema): Promise<string> {
  return inTurns(printSteps(schema));
}

function* printSteps(schema: GraphQLSchema): Steps<string> {
  const plain = schema.description == null && schema.getDirectives().every((one) => isSpecifiedDirective(one));
  if (!plain) return printSchema(schema);
  const parts = rootNames(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isSpecifiedScalarType(type) || isIntrospectionType(type)) continue;
    parts.push(yield* printOne(type));
    yield;
  }
  return parts.join('\n\n');
}

/** Fields printed between two places where others may come in: the root type of a large source has thousands. */
const STEP_FIELDS = 500;

function* printOne(type: GraphQLNamedType): Steps<string> {
  const fields = isObjectType(type) ? Object.entries(type.getFields()) : [];
  if (!isObjectType(type) || fields.length <= STEP_FIELDS) return printType(type);
  const end = '\n}';
  let text = '';
  for (let start = 0; start < fields.length; start += STEP_FIELDS) {
    const some = Object.fromEntries(fields.slice(start, start + STEP_FIELDS));
    const first = start === 0;
    const piece = printType(withFields(type, some, first));
    const begin = first ? 0 : piece.indexOf('\n');
    // A described field that is not the first has an empty line above.
    if (!first && fields[start]?.[1].description != null) text += '\n';
    text += piece.slice(begin, -end.length);
    yield;
  }
  return text + end;
}

/** The type as if it had only these fields; but for the first piece of it without description and interfaces. */
function withFields(
  type: GraphQLObjectType,
  fields: ReturnType<GraphQLObjectType['getFields']>,
  first: boolean,
): GraphQLObjectType {
  return Object.create(type, {
    getFields: { value: () => fields },
    ...(first ? {} : { description: { value: undefined }, getInterfaces: { value: () => [] } }),
  }) as GraphQLObjectType;
}

/** The `schema { … }` block, which is left out where the root types have their usual names. */
function rootNames(schema: GraphQLSchema): string[] {
  const roots = Object.values(OperationTypeNode).flatMap((operation) => {
    const type = schema.getRootType(operation);
    return type == null ? [] : [{ operation, name: type.name }];
  });
  const usual = (operation: string): string => `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  if (roots.every(({ operation, name }) => name === usual(operation))) return [];
  return [`schema {\n${roots.map(({ operation, name }) => `  ${operation}: ${name}\n`).join('')}}`];
}
