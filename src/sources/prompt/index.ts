export type { PromptFigures } from './call/figures.ts';
export type { StreamPiece } from './call/tell-stream.ts';
export type * from './definition.ts';
export { promptKind } from './kind.ts';
export type * from './targets/types.ts';
