import type { UpstreamFailure } from '../errors/index.ts';
import type { Events } from '../runtime/index.ts';
import type { AnthropicParameters, CacheMark, ThoughtEvent, ThoughtPart } from './anthropic-types.ts';

/** Which vendor's API an account speaks. */
export type ProviderKind =
  | 'OPENAI'
  | 'AZURE_OPENAI'
  | 'ANTHROPIC'
  | 'GOOGLE'
  | 'GOOGLE_VERTEX'
  | 'AMAZON_BEDROCK'
  | 'MISTRAL'
  | 'COHERE'
  | 'XAI'
  | 'GROQ'
  | 'DEEPSEEK'
  | 'OPENAI_COMPATIBLE';

/** One model at one registered account: `provider/model`. The model's own name may have slashes in it. */
export interface ModelTarget {
  readonly provider: string;
  readonly model: string;
}

export type ModelPart = { readonly cache?: CacheMark } & (
  | { readonly kind: 'text'; readonly text: string }
  /** Bytes, or a URL that the vendor fetches itself: Weir never does. */
  | {
      readonly kind: 'file';
      readonly mediaType: string;
      readonly data: Uint8Array | URL;
      readonly name?: string;
      /** What the model is told that it is called. */
      readonly title?: string;
      /** How closely an image is looked at. Default: as the vendor does. */
      readonly detail?: 'low' | 'high';
    }
  | { readonly kind: 'toolCall'; readonly id: string; readonly name: string; readonly arguments: string }
  | {
      readonly kind: 'toolResult';
      readonly id: string;
      readonly name: string;
      readonly text: string;
      /** The tool failed, and the text says how. */
      readonly isError?: true;
      /** The whole result, where it has more than text. */
      readonly content?: readonly ModelPart[];
    }
  | ThoughtPart
);

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly parts: readonly ModelPart[];
  /** Who speaks, among several of one role. */
  readonly name?: string;
}

export interface ModelParameters {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly maxOutputTokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly reasoningEffort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
}

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ModelTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonSchema;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** What only OpenAI's format has words for, by its own names; handed on as it is to whoever is asked in that format. */
export interface OpenAiParameters {
  readonly logit_bias?: Readonly<Record<string, number>>;
  /** The answer has its `logprobs`. */
  readonly logprobs?: true;
  readonly top_logprobs?: number;
  /** How many answers, more than one; only of a whole answer. */
  readonly n?: number;
  /** Text that the answer is likely to have in it. */
  readonly prediction?: { readonly type: 'content'; readonly content: string };
  readonly verbosity?: 'low' | 'medium' | 'high';
  /** Whether the vendor keeps question and answer, for its customer to look at. Default: as the vendor does. */
  readonly store?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The one tier whose prices are known. */
  readonly service_tier?: 'default';
  readonly safety_identifier?: string;
  readonly prompt_cache_key?: string;
  readonly prompt_cache_retention?: 'in_memory' | '24h';
}

/** What a model is asked. Weir never runs tools: calls of them are handed to whoever asked. */
export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly parameters: ModelParameters;
  /** Default: text. With a schema the model is told to answer in JSON of that form. */
  readonly output?: {
    readonly kind: 'json';
    readonly schema?: JsonSchema;
    readonly name?: string;
    readonly description?: string;
    /** Whether the vendor is to hold the model to the schema. Default: wherever the vendor can. */
    readonly strict?: boolean;
  };
  readonly tools?: readonly ModelTool[];
  readonly toolChoice?: ToolChoice;
  /** `false`: at most one tool call in an answer. Default: the vendor's own. */
  readonly parallelToolCalls?: boolean;
  /** A name of the end user that the caller made up, for vendors that look for abuse by it. */
  readonly user?: string;
  readonly anthropic?: AnthropicParameters;
  /** The asker takes what a model thinks aloud, to hand it back. Default: it is left out of the answer. */
  readonly thoughts?: true;
  readonly openAi?: OpenAiParameters;
}

/** Tokens of one call. `cachedInput` and `cacheWrite` are parts of `input`, `reasoning` is a part of `output`. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

export type FinishReason = 'stop' | 'length' | 'toolCalls' | 'contentFilter' | 'other';

/** What one attempt at one model came to. */
export interface ModelFigures {
  readonly provider: string;
  readonly model: string;
  readonly tokens: TokenUsage;
  /** False when the vendor did not say, and the tokens are our own estimate. */
  readonly tokensReported: boolean;
  /** Undefined when the price is not known: counted as such, never as zero. */
  readonly usd: number | undefined;
  readonly finishReason: FinishReason | undefined;
}

/** The probabilities of an answer's tokens, in OpenAI's format, as the vendor wrote them. */
export type Logprobs = Readonly<Record<string, unknown>>;

/** One of several answers to one request. */
export interface ModelChoice {
  /** Text and tool calls, in order. */
  readonly parts: readonly ModelPart[];
  readonly finishReason: FinishReason | undefined;
  readonly logprobs?: Logprobs;
}

export interface ModelAnswer {
  /** Text and tool calls, in order. */
  readonly parts: readonly ModelPart[];
  readonly logprobs?: Logprobs;
  /** The answers after the first, where several were asked for. */
  readonly others?: readonly ModelChoice[];
  /** Of all answers together; the reason of the end is that of the first. */
  readonly figures: ModelFigures;
}

/** A piece of a streamed answer. */
export type ModelEvent =
  /** The delta may be empty where there are logprobs. */
  | { readonly kind: 'text'; readonly delta: string; readonly logprobs?: Logprobs }
  | { readonly kind: 'toolCall'; readonly index: number; readonly id: string; readonly name: string }
  | { readonly kind: 'toolCallDelta'; readonly index: number; readonly delta: string }
  | ThoughtEvent;

/**
 * Is given pieces that came together; no list is empty. Nothing more is read before the promise that it may answer
 * resolves. What it throws ends the call.
 */
export type TellPieces = (events: readonly ModelEvent[]) => Promise<void> | undefined;

export interface EmbeddingRequest {
  readonly texts: readonly string[];
  /** How many numbers each vector is to have. Default: the model's own. */
  readonly dimensions?: number;
  /** As in ModelRequest. */
  readonly user?: string;
}

export interface EmbeddingAnswer {
  readonly vectors: readonly (readonly number[])[];
  readonly figures: ModelFigures;
}

/** On whose account one attempt is made. */
export interface ModelCallContext {
  readonly requestId: string;
  /** Name of the source whose operation it is; undefined for a model that was called by its own name. */
  readonly source: string | undefined;
  /** Who pays: `anonymous` for nobody. */
  readonly callerId: string;
  readonly signal: AbortSignal;
  /** Milliseconds for the whole attempt. */
  readonly timeoutMs: number;
  /** Milliseconds to the first piece of a stream, and between two. Defaults 10 000 and 5 000. */
  readonly firstTokenMs?: number;
  readonly nextTokenMs?: number;
  /** Told what an attempt took that was billed and failed all the same: nobody else learns of it with the failure. */
  readonly onFailedFigures?: (figures: ModelFigures) => void;
}

/** What is known of a model. `null` in a price: not known. */
export interface ModelDescription {
  readonly contextTokens: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** `text`, `image`, `audio`, `file` ...; undefined when not known. */
  readonly inputs: readonly string[] | undefined;
  readonly prices: ModelPrices | undefined;
}

/** USD for a million tokens, before any step for long contexts. */
export interface ModelPrices {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cachedInput: number | undefined;
  readonly cacheWrite: number | undefined;
}

/** One call of a model, told when it is over, however it ended. For accounts; no text of it. */
export interface ModelCallEvent {
  readonly at: Date;
  readonly requestId: string;
  readonly callerId: string;
  readonly source: string | undefined;
  readonly streamed: boolean;
  readonly durationMs: number;
  readonly firstTokenMs: number | undefined;
  readonly figures: ModelFigures;
  readonly failure: UpstreamFailure | undefined;
}

/**
 * Language models behind registered accounts: one attempt at one model, in one form for every vendor.
 * Each attempt is reserved in the budgets of its caller, source, provider and model before it leaves, settled after it,
 * and told as an event. Everything that fails throws UpstreamFailure; over a budget it is BUDGET_EXCEEDED.
 * Retries, backups and caches are the ladder's.
 */
export interface Models {
  generate(target: ModelTarget, request: ModelRequest, context: ModelCallContext): Promise<ModelAnswer>;
  /** Resolves when the model has finished, with all told. Ended early by the signal; what was used by then is settled. */
  stream(
    target: ModelTarget,
    request: ModelRequest,
    context: ModelCallContext,
    tell: TellPieces,
  ): Promise<ModelFigures>;
  embed(target: ModelTarget, request: EmbeddingRequest, context: ModelCallContext): Promise<EmbeddingAnswer>;
  /** Parameters and parts of a request that this model's vendor cannot honour, by name; empty when it can. */
  unsupported(target: ModelTarget, request: ModelRequest | EmbeddingRequest): readonly string[];
  describe(target: ModelTarget): ModelDescription | undefined;
  /** Whether a model is declared with its account or in the catalogue: others are neither registered nor called. */
  knows(target: ModelTarget): boolean;
  hasProvider(name: string): boolean;
  /** Every model that is known to be there for each registered account: configured or in the catalogue. */
  list(): readonly (ModelTarget & { readonly description: ModelDescription | undefined })[];
  /** Opens a connection to the account's host. Throws UpstreamFailure. */
  probe(provider: string, signal: AbortSignal): Promise<void>;
  readonly calls: Events<ModelCallEvent>;
  /** An account was set or removed, by name: what is known of its health is that of another one. */
  readonly accountChanges: Events<{ readonly name: string }>;
}
