export type { Probe } from './active-health.ts';
export {
  type ConfigurableEndpointPool,
  createEndpointPool,
  type EndpointPoolOptions,
  type HealthCheck,
  type PoolSettings,
} from './endpoint-pool.ts';
export { POOL_NUMBERS, type PoolNumberOverrides, type PoolNumbers } from './numbers.ts';
export * from './types.ts';
