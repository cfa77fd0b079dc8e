import type { Logger } from 'pino';
import type { RequestHeaders } from '../../access/index.ts';
import type { Models } from '../../models/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { ModelTargets } from '../../sources/prompt/index.ts';
import type { Prompts } from '../prompts/prompts.ts';

/** What the ways in for clients of the vendors stand on. */
export interface ModelServices {
  readonly models: Models;
  readonly targets: ModelTargets;
  readonly prompts: Prompts;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds for one whole request. */
  readonly deadlineMs: number;
  /** The headers of a request that a source may forward. */
  readonly forwardable: (headers: RequestHeaders) => Readonly<Record<string, string>>;
}
