export {
  createExecutor,
  type ExecutionRequest,
  type Executor,
  type ExecutorOptions,
  type OperationRequest,
} from './executor.ts';
export { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
export { createProvenance, type ProvenanceOptions } from './provenance.ts';
export { createRequestContext, type RequestContextOptions } from './request-context.ts';
export type { Subscription } from './subscription/subscription.ts';
export { asGraphQLError } from './subscription/subscription-errors.ts';
export {
  type Answering,
  createSubscriptions,
  type Subscriptions,
  type SubscriptionsOptions,
} from './subscription/subscriptions.ts';
export { DEFAULT_SUBSCRIPTION_LIMITS, type Subscriber, type SubscriberRequest } from './subscription/types.ts';
