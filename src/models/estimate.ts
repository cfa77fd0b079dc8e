import type { ModelPart, ModelRequest, OpenAiParameters } from './types.ts';

/** Characters of English text or JSON for a token, as vendors' own rules of thumb have it. */
const CHARACTERS_PER_TOKEN = 4;
/** What a message takes besides its text. */
const TOKENS_PER_MESSAGE = 4;
/** About a high-resolution image; other files count by their bytes. */
const TOKENS_PER_IMAGE = 1500;
const BYTES_PER_TOKEN = 4;
/** The length of an answer that nobody bounded, where a budget has to: room for an answer and some reasoning before it. */
export const DEFAULT_OUTPUT_TOKENS = 4096;

/** About how many tokens a text has. Scripts that are not ASCII take about one for each character. */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) wide += 1;
  return wide + Math.ceil((text.length - wide) / CHARACTERS_PER_TOKEN);
}

/** About how many tokens a model reads for a request. */
export function estimateInput({ messages, tools, output }: ModelRequest): number {
  let tokens = 0;
  for (const { parts } of messages) {
    tokens += TOKENS_PER_MESSAGE;
    for (const part of parts) tokens += estimatePart(part);
  }
  for (const schema of [...(tools ?? []), output?.schema]) {
    if (schema !== undefined) tokens += estimateTokens(JSON.stringify(schema));
  }
  return tokens;
}

/** The most that a model writes when each answer has this many tokens: what it rejects of a prediction counts as written. */
export function outputOf({ n = 1, prediction }: OpenAiParameters, maxOutputTokens: number): number {
  return n * (maxOutputTokens + (prediction === undefined ? 0 : estimateTokens(prediction.content)));
}

/** About how many tokens a part has. */
export function estimatePart(part: ModelPart): number {
  switch (part.kind) {
    case 'text':
    case 'thinking':
      return estimateTokens(part.text);
    case 'toolResult':
      return part.content === undefined
        ? estimateTokens(part.text)
        : part.content.reduce((sum, one) => sum + estimatePart(one), 0);
    case 'sealedThinking':
      return estimateTokens(part.data);
    case 'toolCall':
      return estimateTokens(part.name) + estimateTokens(part.arguments);
    case 'file':
      if (part.mediaType.startsWith('image') || part.data instanceof URL) return TOKENS_PER_IMAGE;
      return Math.ceil(part.data.byteLength / BYTES_PER_TOKEN);
    default: {
      const never: never = part;
      return never;
    }
  }
}
