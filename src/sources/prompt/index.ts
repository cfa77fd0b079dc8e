export type { PromptFigures } from './call/figures.ts';
export { renderedMessages } from './call/rendered.ts';
export type { StreamPiece } from './call/tell-stream.ts';
export type * from './definition.ts';
export { promptKind } from './kind.ts';
export { createModelTargets, type ModelTargetsOptions } from './targets/model-targets.ts';
export type * from './targets/types.ts';
export { type VariablesFromJson, variablesFromJson } from './variables/from-json.ts';
export { InputRefused } from './variables/input-refused.ts';
