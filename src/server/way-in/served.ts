import type { FastifyReply } from 'fastify';
import type { OutcomeKind } from '../../sources/index.ts';
import type { WayIn } from './way-in.ts';

/** How an answer came to be. */
export interface Served {
  /** `provider/model`; undefined when none was asked, as for an answer from the cache. */
  readonly model: string | undefined;
  readonly outcome: OutcomeKind;
  /** What it cost in US dollars; undefined while that is not known. */
  readonly usd?: number | undefined;
}

/** Weir's own response headers, and the same for the log line. */
export function noteServed(reply: FastifyReply, wayIn: WayIn, { model, outcome, usd }: Served): void {
  wayIn.outcome = outcome;
  reply.header('weir-outcome', outcome);
  if (model !== undefined) reply.header('weir-model', headerText(model));
  if (usd !== undefined) reply.header('weir-cost-usd', decimal(usd));
}

/** What a header cannot carry (RFC 9110 section 5.5) is percent-encoded. */
function headerText(text: string): string {
  return text.replace(/[^\x21-\x7e]+/gu, (part) => encodeURIComponent(part.toWellFormed()));
}

/** Without an exponent, which small sums would have: `0.00000015`. */
function decimal(usd: number): string {
  return usd.toFixed(12).replace(/\.?0+$/, '');
}
