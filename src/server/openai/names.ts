/** OpenAI's names of what `Models.unsupported` names in Weir's words. */
const OPENAI_NAMES: Readonly<Record<string, string>> = {
  topP: 'top_p',
  topK: 'top_k',
  maxOutputTokens: 'max_completion_tokens',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  reasoningEffort: 'reasoning_effort',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  output: 'response_format',
  file: 'messages',
  messageName: 'messages.name',
  imageDetail: 'messages.content.image_url.detail',
  embeddings: 'model',
};

export const openAiName = (name: string): string => OPENAI_NAMES[name] ?? name;
