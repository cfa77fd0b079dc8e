import type { GraphQLError } from 'graphql';
import type { DocumentLimits } from './limits.ts';
import type { Measurement } from './measure-operation.ts';
import { tooComplex } from './request-errors.ts';

/**
 * Levels inside `__schema` and `__type`. The query of GraphiQL and other tools has 14
 * (types, fields, args, type and nine times ofType, name); how often lists may nest is a rule of validation.
 */
const INTROSPECTION_DEPTH = 20;

/** One error for each limit that the operation passes. */
export function checkLimits(measurement: Measurement, limits: DocumentLimits): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const check = (limit: string, allowed: number, found: number): void => {
    if (found > allowed) errors.push(tooComplex(limit, allowed, found));
  };
  check('depth', limits.depth, measurement.depth);
  check('introspection depth', INTROSPECTION_DEPTH, measurement.introspectionDepth);
  check('aliases', limits.aliases, measurement.aliases);
  check('root fields', limits.rootFields, Math.max(measurement.rootFields, measurement.operations));
  check('cost', limits.cost, measurement.cost);
  return errors;
}
