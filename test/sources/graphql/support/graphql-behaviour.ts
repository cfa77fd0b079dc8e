import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import type { Behaviour } from '../../../support/fault-server.ts';

export interface GraphQLBody {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** A fault server that answers GraphQL requests with graphql-js itself. */
export function graphqlBehaviour(
  schema: GraphQLSchema,
  change: (result: ExecutionResult, body: GraphQLBody) => unknown = (result) => result,
): Behaviour {
  return async (request) => {
    const body = JSON.parse(request.body.toString('utf8')) as GraphQLBody;
    const result = await graphql({ schema, source: body.query, variableValues: body.variables ?? {} });
    return { kind: 'answer', body: change(result, body) as Record<string, unknown> };
  };
}
