import { createMemoryCallCache } from '../../../src/cache/index.ts';
import { InvalidDefinition, type Problem, UpstreamFailure } from '../../../src/errors/index.ts';
import type { ModelMessage } from '../../../src/models/index.ts';
import type {
  CallContext,
  Outcome,
  Policy,
  SourceConnection,
  SourceSettings,
  SubscriptionEvent,
} from '../../../src/sources/index.ts';
import { type PromptInput, promptKind, type StreamPiece } from '../../../src/sources/prompt/index.ts';
import type { HttpClient } from '../../../src/upstream/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Behaviour, ScriptedModels } from '../../support/scripted-models.ts';
import { seededRandom } from '../../support/seeded-random.ts';

export const TRANSLATE: PromptInput = {
  template: 'Translate {{text}} into {{to}}.',
  variables: [
    { name: 'text', type: 'String!', maxLength: 200 },
    { name: 'to', type: 'Language!', default: 'FR' },
  ],
  types: 'enum Language { FR DE EN }',
  models: ['first/large', 'second/small'],
};

export const REVIEW: PromptInput = {
  template: 'Judge {{text}}.',
  variables: [{ name: 'text', type: 'String!' }],
  output: `
    "What is to be thought of it."
    type Review { stars: Int! mood: Mood tags: [String!]! author: Author }
    enum Mood { GOOD BAD }
    type Author { name: String! }
  `,
  models: ['first/large', 'second/small'],
};

/** Nothing of a prompt may use it. */
const NO_HTTP = {} as HttpClient;

export function failure(code: UpstreamFailure['code'] = 'UPSTREAM_ERROR', more: object = {}): UpstreamFailure {
  return new UpstreamFailure({
    code,
    reason: 'http_protocol_error',
    detail: 'as scripted',
    retryable: true,
    countsAgainstHealth: true,
    ...more,
  });
}

export interface Rig {
  readonly clock: FakeClock;
  readonly models: ScriptedModels;
  readonly connection: SourceConnection;
  readonly settings: (policy?: Policy, more?: Partial<SourceSettings>) => SourceSettings;
  readonly context: (more?: Partial<CallContext>) => CallContext;
  ask(args: Record<string, unknown>, more?: Partial<CallContext>): Promise<Outcome>;
  stream(args: Record<string, unknown>, more?: Partial<CallContext>): AsyncIterator<SubscriptionEvent>;
  close(): Promise<void>;
}

/** A prompt `shop` over scripted models, on a clock that moves only when told. */
export async function promptRig(
  input: PromptInput,
  scripts: Readonly<Record<string, readonly Behaviour[]>>,
  policy: Policy = {},
): Promise<Rig> {
  const clock = new FakeClock();
  const models = new ScriptedModels(clock, scripts);
  const cache = createMemoryCallCache({ clock });
  const definition = await readPrompt(input, models, clock);
  const description = await promptKind.describe(definition, 'shop');
  const settings: Rig['settings'] = (given = {}, more = {}) => ({
    policy: given,
    operationPolicies: {},
    paused: false,
    ...more,
  });
  const connection = promptKind.connect(definition, description, {
    name: 'shop',
    revision: 1,
    settings: settings(policy),
    http: NO_HTTP,
    cache,
    clock,
    random: seededRandom(),
    models,
  });
  const context: Rig['context'] = (more = {}) => ({
    requestId: 'r1',
    callerId: 'anna',
    headers: {},
    deadline: clock.now() + 10_000,
    modelTime: { deadline: clock.now() + 60_000, otherCallMs: 10_000, asked: false },
    signal: new AbortController().signal,
    maxStaleMs: undefined,
    takeUpstreamCall: () => true,
    ...more,
  });
  return {
    clock,
    models,
    connection,
    settings,
    context,
    async ask(args, more) {
      const [outcome] = await connection.call('shop', [{ arguments: args }], context(more));
      if (outcome === undefined) throw new Error('One call went in; no outcome came out.');
      return outcome;
    },
    stream(args, more) {
      const events = connection.subscribe?.('shopStream', { arguments: args }, context(more));
      if (events === undefined) throw new Error('A prompt must have streams.');
      return events[Symbol.asyncIterator]();
    },
    async close() {
      await connection.close();
      await cache.close();
    },
  };
}

export function readPrompt(input: PromptInput, models: ScriptedModels, clock = new FakeClock(), name = 'shop') {
  return promptKind.read(input, name, { http: NO_HTTP, clock, signal: new AbortController().signal, models });
}

/** The problems that a definition is refused with. */
export async function problemsOf(input: PromptInput, name = 'shop'): Promise<readonly Problem[]> {
  const models = new ScriptedModels(new FakeClock(), { 'first/large': [], 'second/small': [] });
  const refusal: unknown = await readPrompt(input, models, new FakeClock(), name).then(
    () => undefined,
    (error: unknown) => error,
  );
  return refusal instanceof InvalidDefinition ? (refusal.details.problems ?? []) : [];
}

/** All events of a stream, in short: the pieces, and how it ended. */
export async function drained(events: AsyncIterator<SubscriptionEvent>) {
  const deltas: string[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return { deltas, last: undefined, ended: undefined };
    const event: SubscriptionEvent = value;
    if (event.kind !== 'ANSWER') return { deltas, last: undefined, ended: event };
    const { outcome } = event;
    if (outcome.kind === 'FAILED') throw new Error('A piece cannot fail.');
    const piece = outcome.value as StreamPiece;
    if (piece.delta !== '') deltas.push(piece.delta);
    if (piece.done) return { deltas, last: { ...piece, kind: outcome.kind, outcome }, ended: undefined };
  }
}

export function textOf(message: ModelMessage | undefined): string {
  return (message?.parts ?? []).map((part) => (part.kind === 'text' ? part.text : '')).join('');
}
