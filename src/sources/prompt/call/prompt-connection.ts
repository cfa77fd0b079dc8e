import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../cache/index.ts';
import type { Models } from '../../../models/index.ts';
import type { Events } from '../../../runtime/index.ts';
import {
  type ConfigurableEndpointPool,
  createEndpointPool,
  type UpstreamEvent,
  type UpstreamHealth,
} from '../../../upstream/index.ts';
import { createLadder, type Ladder, type LadderCall } from '../../ladder/index.ts';
import type { Outcome } from '../../outcome.ts';
import { probeResult } from '../../rest/call/probe.ts';
import { asFailure, intervalOf, notCallable, policyOf, reconfigurePool } from '../../shared/connection-parts.ts';
import type {
  Call,
  CallContext,
  OperationDescription,
  ProbeResult,
  SourceConnection,
  SourceDescription,
  SourceServices,
  SourceSettings,
  SubscriptionEvent,
} from '../../source.ts';
import type { PromptDefinition } from '../definition.ts';
import { isPromptDescription, type PromptDescription } from '../describe/plan.ts';
import { readValue } from '../shapes/read-value.ts';
import { modelEndpoints } from '../targets/model-endpoints.ts';
import { type AskRow, askRows } from './ask-rows.ts';
import { Asking } from './asking.ts';
import { buildRequest } from './build-request.ts';
import { promptFigures } from './figures.ts';
import { freshnessHeaders, isKept, POOL_NUMBERS_OF_MODELS, settingsOfPrompt } from './settings.ts';
import { tellStream } from './tell-stream.ts';

/** Longer texts stand in cache keys as their hash. */
const MAX_KEY_TEXT = 1_000;

/** A prompt that can be asked. Its models are its endpoints, in order of preference. */
export class PromptSourceConnection implements SourceConnection {
  readonly #definition: PromptDefinition;
  readonly #description: PromptDescription;
  readonly #services: SourceServices;
  readonly #models: Models;
  readonly #pool: ConfigurableEndpointPool;
  readonly #ladder: Ladder;
  readonly #stopListening: () => void;
  #settings: SourceSettings;
  #closed = false;

  constructor(definition: PromptDefinition, description: PromptDescription, services: SourceServices) {
    const { name, clock, random, models } = services;
    if (models === undefined) throw new TypeError('Expected services with models, which prompts are answered by.');
    this.#definition = definition;
    this.#description = description;
    this.#services = services;
    this.#models = models;
    const settings = this.#complete(services.settings);
    this.#settings = settings;
    const { healthCheck, maxConcurrency } = settings.policy;
    this.#pool = createEndpointPool({
      source: name,
      endpoints: modelEndpoints(definition.models),
      clock,
      random,
      numbers: POOL_NUMBERS_OF_MODELS,
      // Vendors are many prompts' upstream: without an owner's word their health is known from calls alone.
      ...(healthCheck === undefined
        ? {}
        : {
            healthCheck: {
              probe: (endpoint, signal) => models.probe(definition.models[endpoint.number]?.provider ?? '', signal),
              ...intervalOf(healthCheck),
            },
          }),
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    });
    this.#pool.setPaused(settings.paused);
    this.#ladder = createLadder({ ...services, settings, source: name, pool: this.#pool });
    this.#stopListening = models.accountChanges.on((account) => {
      for (const [number, { provider }] of definition.models.entries()) {
        if (provider === account.name) this.#pool.resetBreaker(number);
      }
    });
  }

  get events(): Events<UpstreamEvent> {
    return this.#pool.events;
  }

  call(operation: string, calls: readonly Call[], context: CallContext): Promise<readonly Outcome[]> {
    const rows = calls.map(
      ({ arguments: args }): AskRow =>
        (again) =>
          this.#ask(operation, args, again ? { ...context, takeUpstreamCall: () => true } : context),
    );
    return askRows(rows, () => this.#pool.concurrency());
  }

  async #ask(name: string, args: Call['arguments'], context: CallContext): Promise<Outcome> {
    try {
      const { ask } = this.#description;
      if (name !== ask.name) throw this.#unknown(name);
      const { asking, call } = this.#plan(ask, args, context);
      const { modelTime, ...rest } = context;
      if (modelTime !== undefined) modelTime.asked = true;
      const outcome = await this.#ladder.run({
        ...call,
        context: { ...rest, deadline: modelTime?.deadline ?? context.deadline },
        attempt: (attempt) => asking.attempt(attempt),
      });
      return withFigures(outcome, asking);
    } catch (error: unknown) {
      return { kind: 'FAILED', failure: asFailure(error), durationMs: 0, attempts: [], cache: 'BYPASS' };
    }
  }

  /** Down the same ladder: what is not fresh comes as one piece. */
  subscribe(name: string, { arguments: args }: Call, context: CallContext): AsyncIterable<SubscriptionEvent> {
    const { clock } = this.#services;
    return tellStream(context.signal, (pieces, signal) => {
      const { stream } = this.#description;
      if (name !== stream.name) throw this.#unknown(name);
      const { asking, call, policy } = this.#plan(stream, args, context);
      const { modelTime, ...rest } = context;
      const openUntil = modelTime?.deadline ?? context.deadline;
      const deadline = clock.now() + (policy.deadlineMs ?? 0);
      const outcome = this.#ladder.run({
        ...call,
        context: { ...rest, deadline, signal },
        attempt: (attempt) => asking.stream(attempt, pieces, openUntil),
      });
      return outcome.then((ended) => withFigures(ended, asking));
    });
  }

  #plan(operation: OperationDescription, args: Call['arguments'], context: CallContext) {
    const { name, clock } = this.#services;
    if (this.#closed) throw notCallable('cancelled', `the connection of ${name} is closed`);
    const { models: targets, parameters } = this.#definition;
    const { output } = this.#description;
    const policy = policyOf(this.#settings, operation.name);
    const request = buildRequest(this.#definition, this.#description, args, policy);
    const asking = new Asking(
      { models: this.#models, clock, takeRetry: () => this.#pool.takeRetry() },
      {
        targets,
        request,
        output,
        policy,
        headers: freshnessHeaders(parameters.temperature),
        requestId: context.requestId,
        callerId: context.callerId,
        source: name,
      },
    );
    const call: Omit<LadderCall, 'context' | 'attempt'> = {
      operation: { ...operation, cacheable: isKept(parameters.temperature, policy) },
      argumentsKey: keyText([targets, request.parameters, args]),
      varyKey: '',
      // An answer is its caller's, who pays for it, unless the policy says PUBLIC.
      forwardsCredentials: true,
      decodeFallback: (value) => this.#constant(value),
      runFallback: (other, otherArgs) => this.#ask(other, otherArgs, context),
    };
    return { asking, call, policy };
  }

  #constant(value: unknown): unknown {
    const { output } = this.#description;
    if (output === undefined) {
      if (typeof value === 'string') return value;
      throw new TypeError('Expected a text to fall back on.');
    }
    const read = readValue(output, value);
    if (read.ok) return read.value;
    throw new TypeError(`Expected a value of the declared type to fall back on: ${read.mistakes.join(' ')}`);
  }

  #complete(settings: SourceSettings): SourceSettings {
    return settingsOfPrompt(settings, this.#description.stream.name, this.#definition.models.length);
  }

  #unknown(name: string) {
    return notCallable('proxy_internal_error', `${this.#services.name} has no such operation "${name}"`);
  }

  probe(signal: AbortSignal): Promise<ProbeResult> {
    const [first] = this.#definition.models;
    return probeResult(this.#services.clock, async () => {
      if (first === undefined) throw notCallable('destination_not_found', 'the prompt has no model');
      await this.#models.probe(first.provider, signal);
      return undefined;
    });
  }

  isolateEndpoint(endpoint: number, isolated: boolean): void {
    this.#pool.isolate(endpoint, isolated);
  }

  resetBreaker(endpoint: number): void {
    this.#pool.resetBreaker(endpoint);
  }

  health(): UpstreamHealth {
    return this.#pool.health();
  }

  reconfigure(given: SourceSettings): void {
    const settings = this.#complete(given);
    this.#settings = settings;
    reconfigurePool(this.#pool, settings);
    this.#ladder.reconfigure(settings);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await Promise.all([this.#ladder.close(), this.#pool.close()]);
  }
}

/** Makes a prompt callable. Nothing is sent. */
export function connectPrompt(
  definition: PromptDefinition,
  description: SourceDescription,
  services: SourceServices,
): SourceConnection {
  if (!isPromptDescription(description)) throw new TypeError('Expected the description of a prompt.');
  return new PromptSourceConnection(definition, description, services);
}

/** An answer that came in the end has its figures already; what was asked in vain before another rung served is told too. */
function withFigures(outcome: Outcome, asking: Asking): Outcome {
  const figures = outcome.figures === undefined ? promptFigures(asking.figures) : undefined;
  return figures === undefined ? outcome : { ...outcome, figures: { ...figures } };
}

function keyText(value: unknown): string {
  const text = canonicalJson(value);
  return text.length <= MAX_KEY_TEXT ? text : createHash('sha256').update(text).digest('base64url');
}
