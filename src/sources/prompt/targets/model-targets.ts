import type { UpstreamFailure } from '../../../errors/index.ts';
import type {
  EmbeddingRequest,
  ModelCallContext,
  ModelFigures,
  ModelRequest,
  Models,
  ModelTarget,
} from '../../../models/index.ts';
import type { Clock, Random } from '../../../runtime/index.ts';
import type { AttemptContext, PoolAttempt, PoolResult } from '../../../upstream/index.ts';
import type { AttemptRecord } from '../../outcome.ts';
import { BrokenStream } from '../call/faults.ts';
import { streamAttempt } from './stream-attempt.ts';
import { TargetPools } from './target-pools.ts';
import type { ModelTargets, TargetContext, TargetOutcome, TellTarget } from './types.ts';

export interface ModelTargetsOptions {
  readonly models: Models;
  readonly clock: Clock;
  readonly random: Random;
}

/** Where there is somebody else to ask, one attempt does not take all the time there is. */
const ATTEMPT_TIMEOUT_MS = 30_000;

/** Models called by their own names. */
export function createModelTargets(options: ModelTargetsOptions): ModelTargets {
  return new Targets(options);
}

/** One attempt at one target: `call` is what `Models` is to do, `context` what it is told. */
type Ask<T> = (target: ModelTarget, context: ModelCallContext) => Promise<T>;

class Targets implements ModelTargets {
  readonly #models: Models;
  readonly #clock: Clock;
  readonly #chats: TargetPools;
  /** Apart: vendors serve them apart, and one failing must not keep the other from being asked. */
  readonly #embeddings: TargetPools;
  readonly #stopListening: () => void;
  #closed = false;

  constructor({ models, clock, random }: ModelTargetsOptions) {
    this.#models = models;
    this.#clock = clock;
    this.#chats = new TargetPools({ clock, random });
    this.#embeddings = new TargetPools({ clock, random });
    this.#stopListening = models.accountChanges.on(({ name }) => {
      this.#chats.reset(name);
      this.#embeddings.reset(name);
    });
  }

  chat(targets: readonly ModelTarget[], request: ModelRequest, context: TargetContext) {
    return this.#ask(this.#chats, targets, context, (target, told) => this.#models.generate(target, request, told));
  }

  embed(targets: readonly ModelTarget[], request: EmbeddingRequest, context: TargetContext) {
    return this.#ask(this.#embeddings, targets, context, (target, told) => this.#models.embed(target, request, told));
  }

  stream(targets: readonly ModelTarget[], request: ModelRequest, context: TargetContext, tell: TellTarget) {
    return this.#ask(this.#chats, targets, context, (target, told) =>
      streamAttempt((tellPieces) => this.#models.stream(target, request, told, tellPieces), target, tell),
    );
  }

  health(targets: readonly ModelTarget[]) {
    return this.#chats.find(targets)?.health();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await Promise.all([this.#chats.close(), this.#embeddings.close()]);
  }

  async #ask<T extends { readonly figures: ModelFigures }>(
    pools: TargetPools,
    targets: readonly ModelTarget[],
    context: TargetContext,
    ask: Ask<T>,
  ): Promise<TargetOutcome<T>> {
    const { deadline, requestId, callerId, signal, firstTokenMs, nextTokenMs } = context;
    const figures: ModelFigures[] = [];
    const attempt = async ({ endpoint, signal: ofAttempt, timeoutMs }: AttemptContext): Promise<T> => {
      const answer = await ask(targetAt(targets, endpoint.number), {
        requestId,
        callerId,
        source: undefined,
        signal: ofAttempt,
        timeoutMs,
        onFailedFigures: (failed) => figures.push(failed),
        ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
        ...(nextTokenMs === undefined ? {} : { nextTokenMs }),
      });
      figures.push(answer.figures);
      return answer;
    };
    const leftMs = deadline - this.#clock.now();
    const result = await pools.use(targets, (pool) => {
      // Made after the end of all: it has nobody to close it but this.
      if (this.#closed) void pool.close();
      return pool.call({
        attempt,
        idempotent: true,
        deadline,
        attemptTimeoutMs: targets.length === 1 ? leftMs : ATTEMPT_TIMEOUT_MS,
        retries: Math.max(2, targets.length),
        signal,
      });
    });
    return outcomeOf(result, targets, figures);
  }
}

function targetAt(targets: readonly ModelTarget[], number: number): ModelTarget {
  const target = targets[number];
  if (target === undefined) throw new RangeError(`There is no target ${number} in a list of ${targets.length}.`);
  return target;
}

function outcomeOf<T>(
  result: PoolResult<T>,
  targets: readonly ModelTarget[],
  figures: readonly ModelFigures[],
): TargetOutcome<T> {
  const tried = { attempts: result.attempts.map(attemptRecord), figures };
  if (!result.ok) {
    const after = result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs };
    return { ok: false, failure: original(result.failure), ...tried, ...after };
  }
  const why = result.failure === undefined ? {} : { failure: result.failure };
  return { ok: true, answer: result.value, target: targetAt(targets, result.endpoint.number), ...tried, ...why };
}

function original(failure: UpstreamFailure): UpstreamFailure {
  return failure instanceof BrokenStream ? failure.broken : failure;
}

function attemptRecord({ endpoint, startedAt, durationMs, failure }: PoolAttempt): AttemptRecord {
  const status = failure?.status;
  const result = failure === undefined ? 'ok' : failure.reason;
  return { endpoint, startedAt, durationMs, result, ...(status === undefined ? {} : { status }) };
}
