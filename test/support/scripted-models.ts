import type { UpstreamFailure } from '../../src/errors/index.ts';
import type {
  EmbeddingRequest,
  ModelAnswer,
  ModelCallContext,
  ModelCallEvent,
  ModelFigures,
  ModelRequest,
  Models,
  ModelTarget,
  TellPieces,
} from '../../src/models/index.ts';
import { type Clock, delay, Emitter } from '../../src/runtime/index.ts';

/** What a scripted model does when it is asked. */
export type Behaviour =
  | { readonly kind: 'text'; readonly text: string; readonly finishReason?: ModelFigures['finishReason'] }
  /** Streams these pieces, then ends as `ending` says; generating gives them all. */
  | {
      readonly kind: 'pieces';
      readonly pieces: readonly string[];
      readonly ending?: 'finish' | UpstreamFailure;
    }
  | { readonly kind: 'fail'; readonly failure: UpstreamFailure; readonly billed?: boolean }
  | { readonly kind: 'silent' };

export interface AskedModel {
  readonly target: ModelTarget;
  readonly request: ModelRequest;
  readonly context: ModelCallContext;
}

/** Models that do as they are told: the next of a model's script, over and over the last. */
export class ScriptedModels implements Models {
  readonly calls = new Emitter<ModelCallEvent>();
  readonly accountChanges = new Emitter<{ readonly name: string }>();
  readonly asked: AskedModel[] = [];
  /** Calls that have not ended. */
  open = 0;
  readonly #clock: Clock;
  readonly #scripts = new Map<string, Behaviour[]>();

  constructor(clock: Clock, providers: Readonly<Record<string, readonly Behaviour[]>>) {
    this.#clock = clock;
    for (const [name, script] of Object.entries(providers)) this.#scripts.set(name, [...script]);
  }

  /** From now on. `model` is `provider/model`. */
  script(model: string, ...behaviours: readonly Behaviour[]): void {
    this.#scripts.set(model, [...behaviours]);
  }

  async generate(target: ModelTarget, request: ModelRequest, context: ModelCallContext): Promise<ModelAnswer> {
    const behaviour = this.#next(target, request, context);
    this.open++;
    try {
      switch (behaviour.kind) {
        case 'text':
          return this.#answer(target, behaviour.text, behaviour.finishReason);
        case 'pieces':
          return this.#answer(target, behaviour.pieces.join(''));
        case 'fail':
          if (behaviour.billed === true) context.onFailedFigures?.(figuresOf(target, 0));
          throw behaviour.failure;
        case 'silent':
          return await this.#silence(context);
        default: {
          const never: never = behaviour;
          return never;
        }
      }
    } finally {
      this.open--;
    }
  }

  async stream(
    target: ModelTarget,
    request: ModelRequest,
    context: ModelCallContext,
    tell: TellPieces,
  ): Promise<ModelFigures> {
    const behaviour = this.#next(target, request, context);
    this.open++;
    try {
      if (behaviour.kind === 'fail') throw behaviour.failure;
      if (behaviour.kind === 'silent') return await this.#silence(context);
      const pieces = behaviour.kind === 'text' ? [behaviour.text] : behaviour.pieces;
      for (const delta of pieces) await tell([{ kind: 'text', delta }]);
      const ending = behaviour.kind === 'text' ? 'finish' : (behaviour.ending ?? 'finish');
      if (ending !== 'finish') throw ending;
      return figuresOf(target, pieces.join('').length);
    } finally {
      this.open--;
    }
  }

  async embed(target: ModelTarget, { texts }: EmbeddingRequest, context: ModelCallContext) {
    const behaviour = this.#next(target, { messages: [], parameters: {} }, context);
    if (behaviour.kind === 'fail') throw behaviour.failure;
    return { vectors: texts.map((text) => [text.length]), figures: figuresOf(target, 0) };
  }

  unsupported(): readonly string[] {
    return [];
  }

  describe({ provider, model }: ModelTarget) {
    if (!this.#scripts.has(`${provider}/${model}`)) return undefined;
    return { contextTokens: 1000, maxOutputTokens: 1000, inputs: ['text', 'image'], prices: undefined };
  }

  knows({ provider, model }: ModelTarget): boolean {
    return this.#scripts.has(`${provider}/${model}`);
  }

  hasProvider(name: string): boolean {
    return [...this.#scripts.keys()].some((model) => model.startsWith(`${name}/`));
  }

  list() {
    return [...this.#scripts.keys()].map((name) => {
      const target = { provider: name.slice(0, name.indexOf('/')), model: name.slice(name.indexOf('/') + 1) };
      return { ...target, description: this.describe(target) };
    });
  }

  async probe(provider: string): Promise<void> {
    if (!this.hasProvider(provider)) throw new Error(`no provider ${provider}`);
  }

  #next(target: ModelTarget, request: ModelRequest, context: ModelCallContext): Behaviour {
    this.asked.push({ target, request, context });
    const script = this.#scripts.get(`${target.provider}/${target.model}`) ?? [];
    const behaviour = script.length > 1 ? script.shift() : script[0];
    if (behaviour === undefined) throw new Error(`There is no script for ${target.provider}/${target.model}.`);
    return behaviour;
  }

  async #silence({ signal, timeoutMs }: ModelCallContext): Promise<never> {
    await delay(this.#clock, timeoutMs * 10, signal);
    throw signal.reason;
  }

  #answer(target: ModelTarget, text: string, finishReason?: ModelFigures['finishReason']): ModelAnswer {
    return {
      parts: [{ kind: 'text', text }],
      figures: { ...figuresOf(target, text.length), ...(finishReason ? { finishReason } : {}) },
    };
  }
}

/** 10 tokens in, one out for each character, a thousandth of a dollar each time. */
export function figuresOf({ provider, model }: ModelTarget, output: number): ModelFigures {
  return {
    provider,
    model,
    tokens: { input: 10, output, cachedInput: 2, cacheWrite: 0, reasoning: 1 },
    tokensReported: true,
    usd: 0.001,
    finishReason: 'stop',
  };
}
