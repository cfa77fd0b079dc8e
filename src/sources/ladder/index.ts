export { createLadder, type LadderOptions } from './ladder.ts';
export { LADDER_DEFAULTS } from './rules.ts';
export type * from './types.ts';
