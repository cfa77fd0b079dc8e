import type { HealthState } from '../types.ts';

/**
 * The state of a source from those of its endpoints (of which `PAUSED` means: taken out by hand).
 * HEALTHY: every endpoint in use is, as far as is known. DOWN: none may be called. DEGRADED: something between.
 */
export function sourceState(paused: boolean, endpoints: readonly HealthState[]): HealthState {
  if (paused) return 'PAUSED';
  const inUse = endpoints.filter((state) => state !== 'PAUSED');
  if (inUse.every((state) => state === 'DOWN')) return 'DOWN';
  if (inUse.every((state) => state === 'UNKNOWN')) return 'UNKNOWN';
  return inUse.every((state) => state === 'HEALTHY' || state === 'UNKNOWN') ? 'HEALTHY' : 'DEGRADED';
}
