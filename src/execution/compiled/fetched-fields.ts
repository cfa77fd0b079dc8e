import type { FetchedFields, FieldPlan, PlannedStep } from './types.ts';

/** Fields by the one step that fetches them. */
export function fetchedFields(
  fields: readonly FieldPlan[],
  steps: readonly PlannedStep[] = [],
): readonly FetchedFields[] {
  return steps
    .map((_, step) => ({ step, fields: fields.filter((field) => stepOf(field) === step) }))
    .filter((one) => one.fields.length > 0);
}

/** The one step that fetches the value; undefined when it is there, or made of several. */
export function stepOf({ origin, constant }: FieldPlan): number | undefined {
  return origin?.kind === 'STEP' && constant === undefined ? origin.step : undefined;
}
