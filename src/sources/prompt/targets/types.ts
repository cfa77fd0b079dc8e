import type { UpstreamFailure } from '../../../errors/index.ts';
import type {
  EmbeddingAnswer,
  EmbeddingRequest,
  ModelAnswer,
  ModelEvent,
  ModelFigures,
  ModelRequest,
  ModelTarget,
} from '../../../models/index.ts';
import type { UpstreamHealth } from '../../../upstream/index.ts';
import type { AttemptRecord } from '../../outcome.ts';

/** On whose behalf models are called by their own names. */
export interface TargetContext {
  readonly requestId: string;
  readonly callerId: string;
  /** When the answer must be there (Clock.now() milliseconds). */
  readonly deadline: number;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** Milliseconds to the first piece of a stream, and between two. Default: those of `Models`. */
  readonly firstTokenMs?: number;
  readonly nextTokenMs?: number;
}

interface Tried {
  /** One for each attempt, in order; `endpoint` is the place of the target in the list. */
  readonly attempts: readonly AttemptRecord[];
  /** What every attempt that was billed came to, the failed ones too, as far as it is known. */
  readonly figures: readonly ModelFigures[];
}

/** What became of one call at a list of targets. */
export type TargetOutcome<Answer> =
  | (Tried & {
      readonly ok: true;
      readonly answer: Answer;
      /** Which one answered. */
      readonly target: ModelTarget;
      /** Why a better target did not, when a backup did. */
      readonly failure?: UpstreamFailure;
    })
  | (Tried & { readonly ok: false; readonly failure: UpstreamFailure; readonly retryAfterMs?: number });

/** As TellPieces, with the one who says them: once he has, no other target takes over. */
export type TellTarget = (events: readonly ModelEvent[], target: ModelTarget) => Promise<void> | undefined;

/**
 * Models called by their own names, with what sources have: health, breakers, a retry budget, a limit of calls in
 * flight and `Retry-After` for each list of targets, of chats and of embeddings apart. The first target is the primary, the others are its backups.
 * Nothing throws and nothing is cached.
 */
export interface ModelTargets {
  chat(
    targets: readonly ModelTarget[],
    request: ModelRequest,
    context: TargetContext,
  ): Promise<TargetOutcome<ModelAnswer>>;
  /** Resolves when all is told, or it failed: what was told by then is not the whole answer. */
  stream(
    targets: readonly ModelTarget[],
    request: ModelRequest,
    context: TargetContext,
    tell: TellTarget,
  ): Promise<TargetOutcome<{ readonly figures: ModelFigures }>>;
  embed(
    targets: readonly ModelTarget[],
    request: EmbeddingRequest,
    context: TargetContext,
  ): Promise<TargetOutcome<EmbeddingAnswer>>;
  /** Of chats. Undefined for a list that was not called lately. */
  health(targets: readonly ModelTarget[]): UpstreamHealth | undefined;
  close(): Promise<void>;
}
