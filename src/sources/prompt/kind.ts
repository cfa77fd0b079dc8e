import type { SourceKind } from '../source.ts';
import { connectPrompt } from './call/prompt-connection.ts';
import type { PromptDefinition, PromptInput } from './definition.ts';
import { describePrompt } from './describe/describe.ts';
import { readPromptDefinition } from './read/read.ts';

/** Prompts, answered by language models. */
export const promptKind: SourceKind<PromptInput, PromptDefinition> = {
  name: 'PROMPT',
  read: readPromptDefinition,
  describe: describePrompt,
  connect: connectPrompt,
};
