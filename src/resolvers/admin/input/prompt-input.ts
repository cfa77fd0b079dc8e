import type { Problem } from '../../../errors/index.ts';
import type { ModelParameters } from '../../../models/index.ts';
import type {
  PromptExampleInput,
  PromptParametersInput,
  PromptSourceInput,
  PromptVariableInput,
} from '../../../schema/admin/index.ts';
import type { PromptExample, PromptInput, PromptVariable } from '../../../sources/prompt/index.ts';
import { onlyGiven } from './given.ts';

/** What the prompt kind reads. The kind itself checks what is in it. */
export function readPromptInput(input: PromptSourceInput, path: string, problems: Problem[]): PromptInput {
  const { template, variables, models, parameters, examples, ...others } = input;
  return {
    template,
    models,
    variables: variables.map(readVariable),
    ...onlyGiven(others),
    ...(parameters ? { parameters: readParameters(parameters) } : {}),
    ...(examples
      ? { examples: examples.map((example, at) => readExample(example, `${path}.examples.${at}`, problems)) }
      : {}),
  };
}

/** A default may be null only where leaving it out means the same. */
function readVariable({ name, type, default: value, ...others }: PromptVariableInput): PromptVariable {
  return { name, type, ...onlyGiven(others), ...(value === undefined || value === null ? {} : { default: value }) };
}

function readParameters({ reasoningEffort, ...others }: PromptParametersInput): ModelParameters {
  const effort = reasoningEffort?.toLowerCase() as ModelParameters['reasoningEffort'];
  return { ...onlyGiven(others), ...(effort === undefined ? {} : { reasoningEffort: effort }) };
}

function readExample({ variables, output }: PromptExampleInput, path: string, problems: Problem[]): PromptExample {
  if (typeof variables === 'object' && variables !== null && !Array.isArray(variables)) {
    return { variables: variables as PromptExample['variables'], output };
  }
  problems.push({ path: `${path}.variables`, message: 'Expected an object of variables.' });
  return { variables: {}, output };
}
