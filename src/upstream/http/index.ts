export { createHttpClient, type HttpClientOptions } from './http-client.ts';
export { MAX_RETRY_AFTER_MS, parseRetryAfter } from './retry-after.ts';
export { failureFromStatus } from './status.ts';
export type { Lookup } from './system-lookup.ts';
