import { getOperationAST, type OperationTypeNode, parse } from 'graphql';

/** The type of the operation that a request is for; undefined where the executor will say what is wrong with it. */
export function operationType(
  query: string,
  operationName: string | undefined,
  maxTokens: number,
): OperationTypeNode | undefined {
  try {
    return getOperationAST(parse(query, { maxTokens, noLocation: true }), operationName)?.operation;
  } catch {
    return undefined;
  }
}
