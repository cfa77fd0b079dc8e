export { CACHE_DEFAULTS, type CallCacheOptions, createMemoryCallCache } from './call-cache.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  decideStorage,
  type FreshnessRules,
  type ReceivedAnswer,
  type StorageDecision,
  TTL_JITTER,
  varyNames,
} from './freshness.ts';
export { headerTags } from './http-tags.ts';
export { cacheKey } from './key.ts';
export { redisSharedStore } from './redis-store.ts';
export type { SharedStore } from './shared-store.ts';
export * from './types.ts';
