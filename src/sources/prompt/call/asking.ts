import { UpstreamFailure } from '../../../errors/index.ts';
import type { ModelCallContext, ModelFigures, ModelRequest, Models, ModelTarget } from '../../../models/index.ts';
import type { Clock } from '../../../runtime/index.ts';
import type { AttemptContext } from '../../../upstream/index.ts';
import type { Answer } from '../../ladder/index.ts';
import type { Policy } from '../../policy.ts';
import type { Relay } from '../relay.ts';
import type { ObjectShape } from '../shapes/shape.ts';
import { textMessage } from './build-request.ts';
import { BrokenStream, wrongAnswer } from './faults.ts';
import { promptFigures } from './figures.ts';
import { MAX_ANSWER_CHARACTERS, readAnswer, textOf } from './read-answer.ts';

/** A piece of a streamed answer, and who wrote it. */
export interface Piece {
  readonly delta: string;
  readonly target: ModelTarget;
  readonly backup: boolean;
}

export interface AskingServices {
  readonly models: Models;
  readonly clock: Clock;
  /** What one more request costs, taken from the retry budget; false when that is used up. */
  readonly takeRetry: () => boolean;
}

/** One call of a prompt, and what it is about. */
export interface AskingPlan {
  readonly targets: readonly ModelTarget[];
  readonly request: ModelRequest;
  readonly output: ObjectShape | undefined;
  readonly policy: Policy;
  /** Of each answer: how long it is good. */
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly callerId: string;
  readonly source: string;
}

/** Below this there is no time left to ask a model again. */
const MIN_REPAIR_MS = 1_000;

/** The attempts of one call of a prompt, and what they took together. */
export class Asking {
  readonly #services: AskingServices;
  readonly #plan: AskingPlan;
  readonly #figures: ModelFigures[] = [];

  constructor(services: AskingServices, plan: AskingPlan) {
    this.#services = services;
    this.#plan = plan;
  }

  /** Every time a model was asked, so far. */
  get figures(): readonly ModelFigures[] {
    return this.#figures;
  }

  /** One attempt: the model is told once what was wrong with its answer. Throws UpstreamFailure. */
  async attempt(attempt: AttemptContext): Promise<Answer> {
    const { clock, takeRetry } = this.#services;
    const { request, output } = this.#plan;
    const startedAt = clock.now();
    const text = await this.#generate(attempt, request, attempt.timeoutMs);
    const read = readAnswer(output, text);
    if (read.ok) return this.#answer(read.value, text);
    const leftMs = attempt.timeoutMs - (clock.now() - startedAt);
    if (output === undefined || leftMs < MIN_REPAIR_MS || !takeRetry()) throw wrongAnswer(read.mistakes);
    const repaired = await this.#generate(attempt, repairRequest(request, text, read.mistakes), leftMs);
    const again = readAnswer(output, repaired);
    if (!again.ok) throw wrongAnswer(again.mistakes);
    return this.#answer(again.value, repaired);
  }

  /** One attempt whose text is told piece by piece. What was told cannot be taken back: no other attempt follows it. */
  async stream(attempt: AttemptContext, pieces: Relay<Piece>, openUntil: number): Promise<Answer> {
    const from = { target: this.#targetOf(attempt), backup: attempt.endpoint.priority > 0 };
    let told = false;
    try {
      const text = await this.#streamText(attempt, openUntil, (delta) => {
        told = true;
        pieces.push({ delta, ...from });
      });
      const read = readAnswer(this.#plan.output, text);
      if (!read.ok) throw wrongAnswer(read.mistakes);
      return this.#answer(read.value, text);
    } catch (error: unknown) {
      throw told && error instanceof UpstreamFailure ? new BrokenStream(error) : error;
    }
  }

  async #generate(attempt: AttemptContext, request: ModelRequest, timeoutMs: number): Promise<string> {
    const { parts, figures } = await this.#services.models.generate(
      this.#targetOf(attempt),
      request,
      this.#context(attempt, timeoutMs),
    );
    this.#figures.push(figures);
    return textOf(parts);
  }

  async #streamText(attempt: AttemptContext, openUntil: number, tell: (delta: string) => void): Promise<string> {
    const { models, clock } = this.#services;
    const firstTokenMs = Math.min(this.#plan.policy.firstTokenMs ?? Infinity, openUntil - clock.now());
    const context = {
      ...this.#context(attempt, attempt.timeoutMs),
      ...(Number.isFinite(firstTokenMs) ? { firstTokenMs: Math.max(1, firstTokenMs) } : {}),
    };
    let text = '';
    const figures = await models.stream(this.#targetOf(attempt), this.#plan.request, context, (events) => {
      const said = events.map((event) => (event.kind === 'text' ? event.delta : '')).join('');
      text += said;
      if (text.length > MAX_ANSWER_CHARACTERS) throw wrongAnswer(['expected a shorter answer.']);
      if (said !== '') tell(said);
      return undefined;
    });
    this.#figures.push(figures);
    return text;
  }

  #targetOf({ endpoint }: AttemptContext): ModelTarget {
    const target = this.#plan.targets[endpoint.number];
    if (target === undefined) throw new RangeError(`There is no model ${endpoint.number}.`);
    return target;
  }

  #context({ signal }: AttemptContext, timeoutMs: number): ModelCallContext {
    const { requestId, source, callerId, policy } = this.#plan;
    return {
      requestId,
      source,
      callerId,
      signal,
      timeoutMs,
      onFailedFigures: (figures) => this.#figures.push(figures),
      ...(policy.nextTokenMs === undefined ? {} : { nextTokenMs: policy.nextTokenMs }),
    };
  }

  #answer(value: unknown, text: string): Answer {
    const figures = promptFigures(this.#figures);
    return {
      value,
      status: 200,
      headers: this.#plan.headers,
      size: Buffer.byteLength(text),
      ...(figures === undefined ? {} : { figures: { ...figures } }),
    };
  }
}

/** The same conversation, with the wrong answer and what was wrong with it. */
function repairRequest(request: ModelRequest, text: string, mistakes: readonly string[]): ModelRequest {
  const told = `That answer is not of the form that was asked for: ${mistakes.join(' ')} Answer again, with JSON of that form only.`;
  return {
    ...request,
    messages: [
      ...request.messages,
      textMessage('assistant', text === '' ? '(nothing)' : text),
      textMessage('user', told),
    ],
  };
}
