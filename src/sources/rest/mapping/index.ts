export { describeRest, type RestDescription } from './describe.ts';
export { restScalars } from './scalars.ts';
