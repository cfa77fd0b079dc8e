import type { UpstreamFailure } from '../errors/index.ts';
import type { FinishReason, Logprobs, ModelChoice, ModelEvent, ModelPart, ModelRequest, TokenUsage } from './types.ts';

/** How an answer ended, as the vendor tells it. */
export interface AnswerEnd {
  /** Undefined when the vendor did not say. */
  readonly tokens: TokenUsage | undefined;
  /** Undefined for a stream that ended without any. */
  readonly finishReason: FinishReason | undefined;
  /** The way it ended is a failure: a filter, a refusal. Its tokens count all the same. */
  readonly failure: UpstreamFailure | undefined;
}

export interface WholeAnswer extends AnswerEnd {
  /** Text and tool calls, in order; what a model thinks aloud, and its sources, are left out. */
  readonly parts: readonly ModelPart[];
  readonly logprobs?: Logprobs;
  /** The answers after the first; one of them that was stopped or refused is told by how it finished. */
  readonly others?: readonly ModelChoice[];
}

/** What has come of a stream since the last time. */
export interface StreamRead {
  readonly events: readonly ModelEvent[];
  /** The model said something, if only to itself. */
  readonly isToken: boolean;
  /** About how many tokens that was. */
  readonly tokens: number;
  /** After these events the answer broke off. */
  readonly failure?: UpstreamFailure;
  /** Said once, at the end of the stream. */
  readonly end?: AnswerEnd;
}

/** An answer on its way. */
export interface AnswerStream {
  /** Undefined when there is no more. Ends with the signal of the call. Throws UpstreamFailure. */
  next(): Promise<StreamRead | undefined>;
  /** Nobody reads on. */
  cancel(): void;
}

/** One model of one account, for one call. Throws UpstreamFailure, or an error of a vendor's package that means one. */
export interface ModelClient {
  generate(request: ModelRequest): Promise<WholeAnswer>;
  /** Resolves when the vendor has begun to answer. */
  stream(request: ModelRequest): Promise<AnswerStream>;
}
