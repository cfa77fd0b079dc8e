import { WeirError } from '../../../errors/index.ts';
import type { LifecycleState, SourceRecord } from '../../../registry/index.ts';

/** The mutations that depend on where a source stands in its life. */
export type LifecycleAction =
  | 'publishSource'
  | 'rollbackSource'
  | 'deprecateSource'
  | 'retireSource'
  | 'deleteSource'
  | 'pauseSource'
  | 'resumeSource';

/** DRAFT -> PUBLISHED -> DEPRECATED -> RETIRED; what was deprecated or retired can be published again. */
export const ALLOWED_FROM: Readonly<Record<LifecycleAction, readonly LifecycleState[]>> = {
  publishSource: ['DRAFT', 'PUBLISHED', 'DEPRECATED', 'RETIRED'],
  rollbackSource: ['PUBLISHED', 'DEPRECATED'],
  deprecateSource: ['PUBLISHED'],
  retireSource: ['DEPRECATED'],
  deleteSource: ['DRAFT', 'RETIRED'],
  pauseSource: ['PUBLISHED', 'DEPRECATED'],
  resumeSource: ['PUBLISHED', 'DEPRECATED'],
};

export function allowedActions(state: LifecycleState): readonly LifecycleAction[] {
  return (Object.keys(ALLOWED_FROM) as LifecycleAction[]).filter((action) => ALLOWED_FROM[action].includes(state));
}

/** Throws CONFLICT, saying the state and what it allows, unless the action may start from it. */
export function requireState(record: SourceRecord, action: LifecycleAction): void {
  const needed = ALLOWED_FROM[action];
  if (needed.includes(record.state)) return;
  const allowed = allowedActions(record.state);
  throw new WeirError(
    'CONFLICT',
    `${action} needs a source that is ${needed.join(' or ')}; ${record.name} is ${record.state}, which allows ${allowed.join(', ')}.`,
    { source: record.name, state: record.state, allowed },
  );
}
