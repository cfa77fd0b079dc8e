import type { EmbeddingRequest, ModelRequest, Models, ModelTarget } from '../../models/index.ts';
import { RequestRefused } from './refused.ts';

/** What a format calls what has another name in Weir's words. */
export type NameOf = (name: string) => string;

/** Throws RequestRefused, with each of them by its name in the client's format, for what a model's vendor cannot honour. */
export function refuseUnsupported(
  models: Models,
  target: ModelTarget,
  request: ModelRequest | EmbeddingRequest,
  nameOf: NameOf,
): void {
  const refused = models.unsupported(target, request);
  if (refused.length === 0) return;
  const message = `${target.provider} cannot honour it for ${target.model}, and Weir drops nothing silently.`;
  throw new RequestRefused(refused.map((name) => ({ path: nameOf(name), message })));
}
