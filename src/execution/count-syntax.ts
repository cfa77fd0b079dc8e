import { type ASTNode, GraphQLError, Kind, Lexer, Source, TokenKind, visit } from 'graphql';

/**
 * Tokens of a document, counted without parsing it; at most `stopAt`.
 * Undefined when the text is not GraphQL: the parser says it better.
 */
export function countTokens(text: string, stopAt: number): number | undefined {
  const lexer = new Lexer(new Source(text));
  try {
    let count = 0;
    while (count < stopAt && lexer.advance().kind !== TokenKind.EOF) count++;
    return count;
  } catch (error: unknown) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

export function countDirectives(document: ASTNode): number {
  let count = 0;
  visit(document, {
    [Kind.DIRECTIVE]: () => {
      count++;
    },
  });
  return count;
}
