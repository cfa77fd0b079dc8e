export { canonicalHost, createEgressGuard, type EgressGuard, type EgressGuardOptions } from './egress-guard.ts';
export { registrationProblem } from './registration-problem.ts';
