export { createExecutor, type ExecutionRequest, type Executor, type ExecutorOptions } from './executor.ts';
export { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
export { createProvenance, type ProvenanceOptions } from './provenance.ts';
export { createRequestContext, type RequestContextOptions } from './request-context.ts';
