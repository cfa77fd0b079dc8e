import { createMemoryCallCache } from '../../../cache/index.ts';
import { InvalidDefinition, WeirError } from '../../../errors/index.ts';
import type { ModelMessage } from '../../../models/index.ts';
import type { CallContext, Outcome, SourceDescription } from '../../../sources/index.ts';
import {
  InputRefused,
  type PromptDefinition,
  renderedMessages,
  variablesFromJson,
} from '../../../sources/prompt/index.ts';
import { type LifecycleCore, requireRevision, requireSource } from './core.ts';
import { settingsOf } from './members.ts';
import { requireModels } from './providers.ts';
import { readDefinition } from './read-definition.ts';
import type { DefinitionInput } from './register.ts';

export interface TestPromptRequest {
  readonly name: string;
  /** What is tested: a draft that is nowhere yet, or a revision (undefined: the latest). */
  readonly of: { readonly draft: DefinitionInput } | { readonly revision: number | undefined };
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of whoever tests: they pay for it. */
  readonly context: CallContext;
}

export interface PromptTested {
  readonly messages: readonly ModelMessage[];
  readonly outcome: Outcome;
  /** What a client would be told; undefined when there is an answer. */
  readonly error: WeirError | undefined;
}

/** Asks a prompt as it would be asked, but keeps nothing of it. */
export async function testPrompt(core: LifecycleCore, request: TestPromptRequest): Promise<PromptTested> {
  const { name, context } = request;
  const record = 'draft' in request.of ? await core.registry.source(name) : await requireSource(core, name);
  const { definition, description, revision } = await testedOf(core, request);
  const { prompt, schema } = description;
  const field = prompt === undefined ? undefined : schema.getQueryType()?.getFields()[prompt.ask];
  if (prompt === undefined || field === undefined)
    throw new WeirError('CONFLICT', `${name} is no prompt.`, { source: name });
  const { variables, problems } = variablesFromJson(field, request.variables);
  if (problems.length > 0) {
    throw new InvalidDefinition(problems.map(({ path, message }) => ({ path: `input.variables.${path}`, message })));
  }
  const messages = messagesFor(name, definition, description, variables);
  const cache = createMemoryCallCache({ clock: core.clock });
  const connection = core.descriptions.kind('PROMPT').connect(definition, description, {
    name,
    revision,
    settings:
      record === undefined
        ? { policy: {}, operationPolicies: {}, paused: false }
        : { ...settingsOf(record, description), paused: false },
    http: core.http,
    cache,
    clock: core.clock,
    random: core.random,
    ...(core.models === undefined ? {} : { models: core.models }),
  });
  try {
    const [outcome] = await connection.call(prompt.ask, [{ arguments: variables }], context);
    if (outcome === undefined) throw new Error(`${name}.${prompt.ask} must have one outcome for one call.`);
    const error =
      outcome.kind === 'FAILED'
        ? outcome.failure.toClientError(name, outcome.attempts.length, outcome.retryAfterMs)
        : undefined;
    return { messages, outcome, error };
  } finally {
    await connection.close();
    await cache.close();
  }
}

interface Tested {
  readonly definition: PromptDefinition;
  readonly description: SourceDescription;
  readonly revision: number;
}

async function testedOf(core: LifecycleCore, { name, of }: TestPromptRequest): Promise<Tested> {
  if ('draft' in of) {
    const { definition, description } = await readDefinition(core, name, of.draft, {});
    return { definition: definition as PromptDefinition, description, revision: 0 };
  }
  const record = await requireSource(core, name);
  const revision = await requireRevision(core, record, of.revision ?? record.latestRevision);
  await requireModels(core, record, revision);
  const description = await core.descriptions.of(record, revision);
  return { definition: revision.definition as PromptDefinition, description, revision: revision.number };
}

/** What is wrong with a value that GraphQL takes, such as its length, is told as a client would be told, with its place here. */
function messagesFor(
  name: string,
  definition: PromptDefinition,
  description: SourceDescription,
  variables: Readonly<Record<string, unknown>>,
): readonly ModelMessage[] {
  try {
    return renderedMessages(definition, description, variables);
  } catch (error: unknown) {
    if (!(error instanceof InputRefused)) throw error;
    const problems = error.problems.map(({ path, message }) => ({ path: `input.variables.${path}`, message }));
    throw new InputRefused(problems).toClientError(name);
  }
}
