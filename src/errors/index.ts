export { ERROR_CODES, type ErrorCode, type ErrorCodeInfo } from './codes.ts';
export type { UpstreamAnswer } from './upstream-answer.ts';
export {
  type FailureReason,
  type UpstreamErrorCode,
  UpstreamFailure,
  type UpstreamFailureInit,
} from './upstream-failure.ts';
export { type ErrorDetails, InvalidDefinition, type Problem, WeirError } from './weir-error.ts';
