import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { InvalidDefinition, type Problem } from '../../errors/index.ts';
import type { ModelMessage } from '../../models/index.ts';
import {
  PromptTest,
  type PromptTestFigures,
  type PromptTestMessage,
  TestPromptInput,
} from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import type { Outcome } from '../../sources/index.ts';
import type { PromptFigures } from '../../sources/prompt/index.ts';
import { readDefinitionInput } from './input/definition.ts';
import { given } from './input/given.ts';
import { nameProblems } from './input/source-name.ts';
import type { TestPromptRequest } from './lifecycle/index.ts';
import type { AdminServices } from './services.ts';

/** Prompts before they are published. */
@Resolver()
export class PromptResolvers {
  readonly #services: AdminServices;
  readonly #rootFields: ReadonlySet<string>;

  /** `rootFields` are those of the admin API; a source cannot have their names. */
  constructor(services: AdminServices, rootFields: ReadonlySet<string>) {
    this.#services = services;
    this.#rootFields = rootFields;
  }

  @Mutation(() => PromptTest, {
    description:
      "Asks a prompt with these variables, within the limits that hold for it once it is published, on the caller's own account. Nothing is registered and nothing is kept.",
  })
  async testPrompt(
    @Arg('input', () => TestPromptInput, { description: 'What to ask.' }) input: TestPromptInput,
    @Ctx() context: RequestContext,
  ): Promise<PromptTest> {
    const problems: Problem[] = [];
    const variables = objectOf(input.variables, problems);
    const of = this.#tested(input, problems);
    if (problems.length > 0 && !('draft' in of)) throw new InvalidDefinition(problems);
    const tested = await this.#services.lifecycle.testPrompt({
      name: input.name,
      of,
      variables,
      context: context.call,
    });
    const { messages, outcome, error } = tested;
    const { failure } = outcome;
    context.provenance.record({ source: input.name, operation: input.name, path: ['testPrompt'], outcome });
    return {
      messages: messages.map(shownMessage),
      answer: outcome.kind === 'FAILED' ? null : outcome.value,
      outcome: outcome.kind,
      error: error === undefined ? null : { code: error.code, message: error.message, detail: failure?.detail ?? null },
      figures: shownFigures(outcome),
      durationMs: outcome.durationMs,
    };
  }

  #tested({ name, revision, prompt }: TestPromptInput, problems: Problem[]): TestPromptRequest['of'] {
    const number = given(revision);
    if (!prompt) return { revision: number };
    if (number !== undefined) {
      problems.push({ path: 'input.revision', message: 'Expected a draft or the number of a revision; got both.' });
    }
    problems.push(...nameProblems(name, this.#rootFields));
    return { draft: readDefinitionInput({ prompt }, problems) };
  }
}

function objectOf(value: unknown, problems: Problem[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  problems.push({ path: 'input.variables', message: 'Expected an object of variables.' });
  return {};
}

function shownMessage({ role, parts }: ModelMessage): PromptTestMessage {
  const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  return { role, text, files: parts.filter(({ kind }) => kind === 'file').length };
}

function shownFigures({ figures }: Outcome): PromptTestFigures | null {
  if (figures === undefined) return null;
  const { provider, model, finishReason, calls, tokens, usd } = figures as unknown as PromptFigures;
  return {
    model: `${provider}/${model}`,
    finishReason: finishReason ?? null,
    calls: calls.length,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cachedTokens: tokens.cachedInput,
    reasoningTokens: tokens.reasoning,
    costUsd: usd ?? null,
  };
}
