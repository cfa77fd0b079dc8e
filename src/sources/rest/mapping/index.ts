export { isDamage, WARNING_KINDS, type WarningKind } from '../openapi/warning-kinds.ts';
export { collectOperations, isSelected, matches } from './collect.ts';
export { describeRest, type RestDescription } from './describe.ts';
export { restScalars, scalarNamed } from './scalars.ts';
export { Warnings } from './warnings.ts';
