import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Caller, Keyring } from '../../access/index.ts';
import type { Config } from '../../config/index.ts';
import { WeirError } from '../../errors/index.ts';
import type { Models } from '../../models/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { Graph, ProvenanceEntry } from '../../schema/index.ts';
import type { ModelTargets } from '../../sources/prompt/index.ts';
import { addAnthropicRoutes } from '../anthropic/routes.ts';
import { addOpenAiRoutes } from '../openai/routes.ts';
import { createPrompts } from '../prompts/prompts.ts';
import { addPromptRoutes } from '../prompts/routes.ts';
import { addWayInHooks } from './hooks.ts';
import type { UnderWay } from './under-way.ts';

export interface WaysInOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Logger;
  readonly models: Models;
  readonly targets: ModelTargets;
  /** Is given every request. */
  readonly underWay: UnderWay;
  /** Told of each call of a prompt. */
  readonly onCall: (entry: ProvenanceEntry) => void;
}

/** The ways in beside GraphQL: models and prompts in OpenAI's and Anthropic's formats under /v1, prompts as REST under /prompts. */
export async function addWaysIn(app: FastifyInstance, options: WaysInOptions): Promise<void> {
  const { config, graph, keyring, clock, log, models, targets, underWay, onCall } = options;
  const deadlineMs = config.modelDeadlineMs;
  const forwardable = keyring.forwardable.bind(keyring);
  const prompts = createPrompts({ graph, clock, deadlineMs, upstreamCallLimit: config.upstreamCallLimit, onCall });

  const services = { models, targets, prompts, clock, log, deadlineMs, forwardable };
  for (const [prefix, addRoutes] of [
    ['/v1', addOpenAiRoutes],
    ['/v1/messages', addAnthropicRoutes],
  ] as const) {
    await app.register(
      async (scope) => {
        const bodyLimit = { admin: config.modelBodyLimitBytes, others: config.modelBodyLimitBytes };
        addWayInHooks(scope, { keyring, clock, log, underWay, admit: withKey, bodyLimit });
        addRoutes(scope, services);
      },
      { prefix },
    );
  }
  await app.register(
    async (scope) => {
      const bodyLimit = { admin: config.adminBodyLimitBytes, others: config.bodyLimitBytes };
      // Each prompt says by its visibility who may use it.
      addWayInHooks(scope, { keyring, clock, log, underWay, admit: () => undefined, bodyLimit });
      addPromptRoutes(scope, { prompts, clock, log, forwardable });
    },
    { prefix: '/prompts' },
  );
}

/** A model that is called by its own name costs money, and nobody has said that everybody may spend it. */
function withKey(caller: Caller): void {
  if (caller.kind === 'key') return;
  throw new WeirError('UNAUTHENTICATED', "Expected one of Weir's keys, in Authorization: Bearer <key> or x-api-key.");
}
