import { AsyncLocalStorage } from 'node:async_hooks';
import type { UpstreamFailure } from '../../errors/index.ts';
import type { AttemptRecord, ServedOutcome } from '../outcome.ts';
import type { Fallback } from '../policy.ts';
import { LADDER_DEFAULTS, type OperationRules } from './rules.ts';
import type { LadderCall } from './types.ts';

/** The operations whose fallback is being run, outermost first. Entered only when a fallback runs an operation. */
const running = new AsyncLocalStorage<readonly string[]>();

export interface FellBack extends Pick<ServedOutcome, 'value' | 'ageMs'> {
  readonly attempts: readonly AttemptRecord[];
}

/** Decoded constants, by the rules of one operation: a new policy makes new rules. */
const constants = new WeakMap<OperationRules, { readonly value: unknown }>();

/**
 * Rung 5. undefined when there is no fallback, or it failed as well. An operation never stands in for itself, not
 * even through others, and no more than three stand in for each other.
 */
export async function fallBack(
  source: string,
  call: LadderCall,
  rules: OperationRules,
  failure: UpstreamFailure,
): Promise<FellBack | undefined> {
  const { fallback } = rules;
  if (fallback === undefined || failure.reason === 'cancelled') return undefined;
  try {
    return 'value' in fallback ? constant(call, rules, fallback) : await operation(source, call, fallback);
  } catch {
    return undefined; // a fallback that does not fit its operation is no fallback
  }
}

function constant(call: LadderCall, rules: OperationRules, fallback: Extract<Fallback, { value: unknown }>): FellBack {
  let decoded = constants.get(rules);
  if (decoded === undefined) {
    decoded = { value: call.decodeFallback(fallback.value) };
    constants.set(rules, decoded);
  }
  return { value: decoded.value, ageMs: 0, attempts: [] };
}

async function operation(
  source: string,
  call: LadderCall,
  fallback: Extract<Fallback, { operation: string }>,
): Promise<FellBack | undefined> {
  const chain = [...(running.getStore() ?? []), `${source}.${call.operation.name}`];
  if (chain.length > LADDER_DEFAULTS.fallbackDepth || chain.includes(`${source}.${fallback.operation}`))
    return undefined;
  const outcome = await running.run(chain, () => call.runFallback(fallback.operation, fallback.arguments));
  if (outcome.kind === 'FAILED') return undefined;
  return { value: outcome.value, ageMs: outcome.ageMs, attempts: outcome.attempts };
}
