/** Up to here the vendor is asked to keep what it read, so that the next request that begins alike is cheaper. */
export interface CacheMark {
  /** Default: the vendor's own. */
  readonly ttl?: '5m' | '1h';
}

/** Whether a model thinks before it answers, and how long. */
export type Thinking =
  | { readonly kind: 'adaptive'; readonly display?: 'summarized' | 'omitted' }
  /** The tokens are a part of those that the answer may have. */
  | { readonly kind: 'enabled'; readonly budgetTokens: number }
  | { readonly kind: 'betweenTools' }
  | { readonly kind: 'disabled' };

/** What only Anthropic's format has words for. */
export interface AnthropicParameters {
  readonly thinking?: Thinking;
  /** How much is spent on thinking, text and calls of tools altogether. */
  readonly effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  /** The last of the request that can be kept is marked so. */
  readonly cache?: CacheMark;
  /** Features in the making, as the header `anthropic-beta` names them. */
  readonly betas?: readonly string[];
}

/** What a model thought aloud, with the vendor's seal on it: handed back as it came, or not at all. */
export type ThoughtPart =
  | { readonly kind: 'thinking'; readonly text: string; readonly signature: string }
  /** Where nobody but the vendor can read it. */
  | { readonly kind: 'sealedThinking'; readonly data: string };

/** Of a stream whose asker takes thoughts. `block` tells one thought from the next. */
export type ThoughtEvent =
  | { readonly kind: 'thinking'; readonly block: string; readonly delta: string }
  | { readonly kind: 'thinkingSigned'; readonly block: string; readonly signature: string }
  | { readonly kind: 'sealedThinking'; readonly data: string };
