import {
  type GraphQLSchema,
  isIntrospectionType,
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
    parts.push(printType(type));
    yield;
  }
  return parts.join('\n\n');
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
