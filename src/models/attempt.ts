import type { BudgetSubject, Budgets, Reservation } from '../access/index.ts';
import { UpstreamFailure, WeirError } from '../errors/index.ts';
import type { Clock, Emitter } from '../runtime/index.ts';
import type { ProviderAccount } from './accounts.ts';
import { CallLimit } from './call-limit.ts';
import { costOf } from './catalogue/cost.ts';
import type { FinishReason, ModelCallContext, ModelCallEvent, ModelFigures, ModelTarget, TokenUsage } from './types.ts';

export interface AttemptServices {
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly calls: Emitter<ModelCallEvent>;
}

export interface AttemptOptions {
  readonly account: ProviderAccount;
  readonly target: ModelTarget;
  readonly context: ModelCallContext;
  readonly streamed: boolean;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

const NOTHING: TokenUsage = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, reasoning: 0 };

/**
 * The accounts of one attempt: reserved when it is made, and ended exactly once, by `succeed` or `fail`.
 * The constructor throws UpstreamFailure BUDGET_EXCEEDED, and then nothing is reserved or told.
 */
export class Attempt {
  readonly limit: CallLimit;
  /** What the vendor reported, as soon as it did. */
  reported: TokenUsage | undefined;
  finishReason: FinishReason | undefined;
  /** Tokens of an answer that has come so far, by our own estimate. */
  outputTokens = 0;
  readonly #services: AttemptServices;
  readonly #options: AttemptOptions;
  readonly #reservation: Reservation;
  readonly #begun: number;
  #firstToken: number | undefined;
  #over = false;

  constructor(services: AttemptServices, options: AttemptOptions) {
    const { context, inputTokens, maxOutputTokens } = options;
    this.#services = services;
    this.#options = options;
    this.#begun = services.clock.now();
    this.#reservation = reserve(services.budgets, subjectsOf(options), () => ({
      tokens: inputTokens + maxOutputTokens,
      usd: this.#cost({ ...NOTHING, input: inputTokens, output: maxOutputTokens }),
    }));
    this.limit = new CallLimit(services.clock, context.signal, context.timeoutMs);
  }

  /** Something of the answer has come. */
  tokenCame(): void {
    this.#firstToken ??= this.#services.clock.now();
    this.limit.tokenCame();
  }

  succeed(): ModelFigures {
    return this.#end(this.#used(), undefined);
  }

  /** Answers the failure that is to be thrown: why the call was ended, when it was. */
  fail(told: UpstreamFailure): UpstreamFailure {
    const failure = this.limit.failure ?? told;
    const isFirst = !this.#over;
    const figures = this.#end(this.#usedBy(failure), failure);
    const isBilled = figures.tokens.input + figures.tokens.output > 0;
    if (isFirst && isBilled) this.#options.context.onFailedFigures?.(figures);
    return failure;
  }

  /** Whether a budget counts what the call takes, so that it must not take more than was reserved. */
  get bounded(): boolean {
    return this.#reservation.bounded;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** What was used by a call that came to nothing: all that was sent may be on the bill, unless the vendor refused it. */
  #usedBy(failure: UpstreamFailure): TokenUsage {
    if (this.reported !== undefined) return this.reported;
    if (!this.limit.sent || failure.neverLeft || failure.status !== undefined) return NOTHING;
    return this.#used();
  }

  #used(): TokenUsage {
    return this.reported ?? { ...NOTHING, input: this.#options.inputTokens, output: this.outputTokens };
  }

  #end(tokens: TokenUsage, failure: UpstreamFailure | undefined): ModelFigures {
    const { target, context, streamed } = this.#options;
    const { clock, calls } = this.#services;
    const figures: ModelFigures = {
      ...target,
      tokens,
      tokensReported: this.reported !== undefined,
      usd: this.#cost(tokens),
      finishReason: this.finishReason,
    };
    if (this.#over) return figures;
    this.#over = true;
    this.limit.release();
    if (!this.limit.sent || failure?.neverLeft === true) this.#reservation.release();
    else this.#reservation.settle({ tokens: tokens.input + tokens.output, usd: figures.usd });
    calls.emit({
      at: new Date(this.#begun),
      requestId: context.requestId,
      callerId: context.callerId,
      source: context.source,
      streamed,
      durationMs: clock.now() - this.#begun,
      firstTokenMs: this.#firstToken === undefined ? undefined : this.#firstToken - this.#begun,
      figures,
      failure,
    });
    return figures;
  }

  /** What nothing was used for costs nothing, at any price. */
  #cost(tokens: TokenUsage): number | undefined {
    if (tokens.input === 0 && tokens.output === 0) return 0;
    return costOf(this.#options.account, this.#options.target.model, tokens, new Date(this.#begun));
  }
}

function subjectsOf({ target: { provider, model }, context }: AttemptOptions): readonly BudgetSubject[] {
  return [
    // Callers without a key share the budget of `anonymous`.
    { kind: 'KEY', id: context.callerId },
    ...(context.source === undefined ? [] : [{ kind: 'SOURCE' as const, id: context.source }]),
    { kind: 'PROVIDER', id: provider },
    { kind: 'MODEL', id: `${provider}/${model}` },
  ];
}

function reserve(budgets: Budgets, subjects: readonly BudgetSubject[], estimate: Parameters<Budgets['reserve']>[1]) {
  try {
    return budgets.reserve(subjects, estimate);
  } catch (error: unknown) {
    if (!(error instanceof WeirError)) throw error;
    const { subject } = error.details;
    throw new UpstreamFailure({
      code: 'BUDGET_EXCEEDED',
      reason: 'http_request_denied',
      detail: error.message,
      neverLeft: true,
      retryable: false,
      // The caller and the source stay the same at the next model; provider and model do not.
      elsewhere: subject === 'PROVIDER' || subject === 'MODEL',
      countsAgainstHealth: false,
      // With the time of the reset, which is not the failure's own: that is a time to leave the endpoint alone, for all.
      shown: error.details,
    });
  }
}
