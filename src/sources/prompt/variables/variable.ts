import type { PromptVariable } from '../definition.ts';
import type { Shape } from '../shapes/shape.ts';

/** A declared variable with what its type means. */
export interface Variable extends PromptVariable {
  readonly shape: Shape;
}
