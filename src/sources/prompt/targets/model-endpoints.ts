import type { ModelTarget } from '../../../models/index.ts';
import type { Endpoint } from '../../../upstream/index.ts';

/** Models as endpoints: the first is the primary, each of the others a backup of all before it. */
export function modelEndpoints(targets: readonly ModelTarget[]): readonly Endpoint[] {
  return targets.map(({ provider, model }, number) => ({
    number,
    url: `${provider}/${model}`,
    priority: number,
    weight: 1,
  }));
}
