import type { FastifyRequest } from 'fastify';
import type { OperationParameters } from './asking.ts';

/** Answered as HTTP 400. */
export class BadParameters extends Error {
  override readonly name = 'BadParameters';
  readonly statusCode = 400;
}

/**
 * The members of a GraphQL request (GraphQL over HTTP, section 5): of a JSON body, or of the URL. A body of another media
 * type is none, as a page of any origin may send it.
 */
export function readParameters(request: FastifyRequest): OperationParameters {
  const given = request.method === 'GET' ? request.query : request.body;
  if (!isObject(given)) throw new BadParameters('Expected a body of application/json with the member query.');
  const { query, operationName } = given;
  const variables = request.method === 'GET' ? parsed(given.variables) : given.variables;
  if (typeof query !== 'string') throw new BadParameters(`Expected query to be a text; got ${kindOf(query)}.`);
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw new BadParameters(`Expected operationName to be a text; got ${kindOf(operationName)}.`);
  }
  if (variables !== undefined && variables !== null && !isObject(variables)) {
    throw new BadParameters(`Expected variables to be an object; got ${kindOf(variables)}.`);
  }
  return { query, operationName, variables };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new BadParameters('Expected variables to be JSON; they are not.');
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value;
}
