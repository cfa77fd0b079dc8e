import type { RequestContext, ResponsePath } from '../../schema/index.ts';
import type { Outcome, Selection } from '../../sources/index.ts';

/**
 * Calls one operation for one field, and says to the request's provenance how it went.
 * `selection` is given for operations that select. Throws the error that the client sees when no rung of the ladder had an answer.
 */
export async function callOperation(
  source: string,
  operation: string,
  args: Readonly<Record<string, unknown>>,
  context: RequestContext,
  path: ResponsePath,
  selection?: Selection,
): Promise<unknown> {
  const member = context.graph.members.get(source);
  if (member === undefined) {
    throw new Error(`Graph version ${context.graph.number} must have source ${source}, whose field was asked for.`);
  }
  const call = selection === undefined ? { arguments: args } : { arguments: args, selection };
  const outcomes = await member.connection.call(operation, [call], context.call);
  const outcome = onlyOne(outcomes, source, operation);
  context.provenance.record({ source, operation, path: pathSteps(path), outcome });
  if (outcome.kind === 'FAILED') {
    throw outcome.failure.toClientError(source, outcome.attempts.length, outcome.retryAfterMs);
  }
  return outcome.value;
}

function onlyOne(outcomes: readonly Outcome[], source: string, operation: string): Outcome {
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length !== 1) {
    throw new Error(`${source}.${operation} must have one outcome for one call; it had ${outcomes.length}.`);
  }
  return outcome;
}

export function pathSteps(path: ResponsePath | undefined): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let step: ResponsePath | undefined = path; step !== undefined; step = step.prev) steps.push(step.key);
  return steps.reverse();
}
