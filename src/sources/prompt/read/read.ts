import { InvalidDefinition, type Problem } from '../../../errors/index.ts';
import type { ReadServices } from '../../source.ts';
import type { PromptDefinition, PromptInput } from '../definition.ts';
import { outputShape } from '../shapes/output-shape.ts';
import { checkExamples } from './check-examples.ts';
import { checkModels } from './check-models.ts';
import { checkParameters } from './check-parameters.ts';
import { checkTemplate } from './check-template.ts';
import { checkTypes } from './check-types.ts';
import { checkVariables } from './check-variables.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Checks registration input. Asks nobody: whether a provider answers is found out by its probe. */
export async function readPromptDefinition(
  input: PromptInput,
  sourceName: string,
  { models }: ReadServices,
): Promise<PromptDefinition> {
  if (models === undefined) throw new TypeError('Expected services with models, which prompts are answered by.');
  const { template, variables, types, output, parameters = {}, examples = [], history = false } = input;
  const problems: Problem[] = [];
  if (!NAME.test(sourceName)) {
    const got = JSON.stringify(sourceName);
    problems.push({ path: 'input.name', message: `Expected a GraphQL name that begins with a letter; got ${got}.` });
  }
  const checkedTypes = checkTypes(input);
  const { book } = checkedTypes;
  const checkedVariables = checkVariables(variables, book, history);
  const images = variables.some(({ type }) => /\bImage\b/.test(type));
  const checkedModels = checkModels(input.models, { parameters, images }, models);
  problems.push(
    ...checkTemplate(template, variables),
    ...checkedTypes.problems,
    ...checkedVariables.problems,
    ...checkedModels.problems,
    ...checkParameters(parameters),
  );
  // Examples are held against types; while those are wrong, what would be said of examples means nothing.
  if (checkedTypes.problems.length + checkedVariables.problems.length === 0) {
    problems.push(...checkExamples(examples, checkedVariables.variables, outputShape(book)));
  }
  if (problems.length > 0) throw new InvalidDefinition(problems);
  return {
    template,
    variables,
    types,
    output,
    models: checkedModels.targets,
    parameters,
    examples,
    history,
  };
}
