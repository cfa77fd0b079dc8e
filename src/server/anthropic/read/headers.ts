import type { RequestHeaders } from '../../../access/index.ts';
import { Reading } from '../../way-in/reading.ts';
import { RequestRefused } from '../../way-in/refused.ts';

const VERSION_HEADER = 'anthropic-version';
/** Both write answers alike. The newer takes fewer parameters; Weir takes those that the model's vendor does. */
const VERSIONS = ['2023-06-01', '2026-10-21'] as const;

/** Headers of Anthropic's that say how a client is built, not what it asks for. */
const OVERLOOKED: ReadonlySet<string> = new Set(['anthropic-dangerous-direct-browser-access']);

/** Throws RequestRefused for what is asked for in headers: features in the making, other versions, others' accounts. */
export function checkHeaders(headers: RequestHeaders): void {
  const reading = new Reading();
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('anthropic-') || OVERLOOKED.has(name)) continue;
    if (name !== VERSION_HEADER) {
      reading.refuse(name, 'Weir cannot hand on this header, and drops nothing silently.');
    } else {
      reading.oneOf(value, name, VERSIONS);
    }
  }
  if (reading.problems.length > 0) throw new RequestRefused(reading.problems);
}
