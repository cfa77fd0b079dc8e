import type { ModelMessage } from '../../../models/index.ts';
import type { SourceDescription } from '../../source.ts';
import type { PromptDefinition } from '../definition.ts';
import { isPromptDescription } from '../describe/plan.ts';
import { buildRequest } from './build-request.ts';

/** The messages that a model would be given. Throws InputRefused. */
export function renderedMessages(
  definition: PromptDefinition,
  description: SourceDescription,
  variables: Readonly<Record<string, unknown>>,
): readonly ModelMessage[] {
  if (!isPromptDescription(description)) throw new TypeError('Expected the description of a prompt.');
  return buildRequest(definition, description, variables, {}).messages;
}
