import type { JsonSchema } from '../../../models/index.ts';
import type { OperationDescription, PromptOperations, SourceDescription } from '../../source.ts';
import type { ObjectShape } from '../shapes/shape.ts';
import type { TemplateNode } from '../template/template.ts';
import type { Variable } from '../variables/variable.ts';

/** What the caller of a prompt needs besides its definition. */
export interface PromptDescription extends SourceDescription {
  readonly ask: OperationDescription;
  readonly stream: OperationDescription;
  readonly prompt: Required<PromptOperations>;
  readonly template: readonly TemplateNode[];
  readonly variables: readonly Variable[];
  /** Undefined: plain text. */
  readonly output: ObjectShape | undefined;
  readonly outputSchema: JsonSchema | undefined;
}

export function isPromptDescription(description: SourceDescription): description is PromptDescription {
  return description.prompt !== undefined && 'template' in description;
}
