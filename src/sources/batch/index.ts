export type * from './batch.ts';
export { type CallOnce, callInBatches, callTogether } from './call-in-batches.ts';
export { inTurns } from './in-turns.ts';
export { batchItemType, type ItemType } from './item-type.ts';
export { keyText } from './key-text.ts';
export { readPath } from './match-items.ts';
export { setPath } from './set-path.ts';
