/** A GraphQL answer. */
export interface GraphQLAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

/** Sends one operation over HTTP, as any client would. */
export async function sendOperation(
  endpoint: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphQLAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphQLAnswer;
}

/** The same with the admin's key; throws when the answer has errors. */
export async function administer(
  endpoint: string,
  adminKey: string,
  mutation: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const answer = await sendOperation(endpoint, mutation, variables, { 'weir-key': adminKey });
  if (answer.errors !== undefined || answer.data == null) {
    throw new Error(`an admin mutation failed: ${JSON.stringify(answer.errors)}`);
  }
  return answer.data;
}
