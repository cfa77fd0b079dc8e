import type { Problem } from '../../../errors/index.ts';
import type { PromptVariable } from '../definition.ts';
import { namesIn, parseTemplate } from '../template/template.ts';

const PLACE = 'input.prompt.template';
const MAX_TEMPLATE = 100_000;

/** What is wrong with a template: it mentions every variable, and nothing else. */
export function checkTemplate(template: string, variables: readonly PromptVariable[]): Problem[] {
  if (template.trim() === '') return [{ path: PLACE, message: 'Expected what the model is told to do; got nothing.' }];
  if (template.length > MAX_TEMPLATE) {
    return [{ path: PLACE, message: `Expected at most ${MAX_TEMPLATE} characters; got ${template.length}.` }];
  }
  const parsed = parseTemplate(template);
  if (!parsed.ok) return parsed.mistakes.map((message) => ({ path: PLACE, message }));
  const declared = new Set(variables.map(({ name }) => name));
  const mentioned = namesIn(parsed.nodes);
  const undeclared = [...mentioned].filter((name) => !declared.has(name));
  const unused = variables.map(({ name }, index) => ({ name, index })).filter(({ name }) => !mentioned.has(name));
  return [
    ...undeclared.map((name) => ({
      path: PLACE,
      message: `Expected only declared variables; {{${name}}} is none of them (${[...declared].join(', ') || 'there are none'}).`,
    })),
    ...unused.map(({ name, index }) => ({
      path: `input.prompt.variables.${index}.name`,
      message: `Expected every variable to be mentioned in the template; {{${name}}} is not in it.`,
    })),
  ];
}
