/** Anthropic's names of what `Models.unsupported` names in Weir's words. */
const ANTHROPIC_NAMES: Readonly<Record<string, string>> = {
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
  maxOutputTokens: 'max_tokens',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  output: 'output_config.format',
  user: 'metadata.user_id',
  file: 'messages',
  betas: 'anthropic-beta',
  cache: 'cache_control',
  effort: 'output_config.effort',
  toolError: 'is_error',
  toolFiles: 'tool_result.content',
  fileUrl: 'source.url',
};

export const anthropicName = (name: string): string => ANTHROPIC_NAMES[name] ?? name;
