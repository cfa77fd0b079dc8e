import type { RequestHeaders } from '../../../access/index.ts';
import { Reading } from '../../way-in/reading.ts';
import { RequestRefused } from '../../way-in/refused.ts';

const VERSION_HEADER = 'anthropic-version';
export const BETA_HEADER = 'anthropic-beta';

/** Both write answers alike. The newer takes fewer parameters; Weir takes those that the model's vendor does. */
const VERSIONS = ['2023-06-01', '2026-10-21'] as const;

/** Headers of Anthropic's that say how a client is built, not what it asks for. */
const OVERLOOKED: ReadonlySet<string> = new Set(['anthropic-dangerous-direct-browser-access']);

/** Features that are no longer in the making: what they were is how the format is now. */
const HAPPENS_ANYWAY: ReadonlySet<string> = new Set([
  'messages-2023-12-15',
  'prompt-caching-2024-07-31',
  'pdfs-2024-09-25',
  'extended-cache-ttl-2025-04-11',
  'fine-grained-tool-streaming-2025-05-14',
  'structured-outputs-2025-11-13',
]);

/** The features in the making that are asked for. Throws RequestRefused for other versions, and others' accounts. */
export function readHeaders(headers: RequestHeaders): readonly string[] {
  const reading = new Reading();
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('anthropic-') || name === BETA_HEADER || OVERLOOKED.has(name)) continue;
    if (name === VERSION_HEADER) reading.oneOf(value, name, VERSIONS);
    else reading.refuse(name, 'Weir cannot hand on this header, and drops nothing silently.');
  }
  if (reading.problems.length > 0) throw new RequestRefused(reading.problems);
  const betas = String(headers[BETA_HEADER] ?? '').split(',');
  return betas.map((beta) => beta.trim()).filter((beta) => beta !== '' && !HAPPENS_ANYWAY.has(beta));
}
