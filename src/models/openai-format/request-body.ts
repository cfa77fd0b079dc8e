import type { ProviderAccount } from '../accounts.ts';
import type { ModelRequest, ModelTool, ToolChoice } from '../types.ts';
import { toMessages } from './messages.ts';
import { effortWithTools, lengthParameter } from './own-format.ts';

/** The body of a request for a chat completion. Throws UpstreamFailure for parts where they cannot stand. */
export function requestBody(account: ProviderAccount, model: string, request: ModelRequest, stream: boolean): string {
  const { parameters, output, tools, toolChoice, parallelToolCalls, user } = request;
  const hasTools = tools !== undefined && tools.length > 0;
  // What is undefined is not written.
  return JSON.stringify({
    model,
    messages: toMessages(request.messages, account.kind),
    user,
    parallel_tool_calls: parallelToolCalls,
    [lengthParameter(account, model, request)]: parameters.maxOutputTokens,
    temperature: parameters.temperature,
    top_p: parameters.topP,
    top_k: parameters.topK,
    frequency_penalty: parameters.frequencyPenalty,
    presence_penalty: parameters.presencePenalty,
    stop: parameters.stop,
    seed: parameters.seed,
    reasoning_effort: parameters.reasoningEffort ?? (hasTools ? effortWithTools(account, model) : undefined),
    response_format: output && responseFormat(output),
    tools: hasTools ? tools.map(toTool) : undefined,
    tool_choice: hasTools && toolChoice !== undefined ? toToolChoice(toolChoice) : undefined,
    ...request.openAi,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}

function responseFormat({ schema, name, description, strict }: NonNullable<ModelRequest['output']>): object {
  if (schema === undefined) return { type: 'json_object' };
  const described = { schema, strict: strict ?? true, name: name ?? 'response', description };
  return { type: 'json_schema', json_schema: described };
}

function toTool({ name, description, parameters, strict }: ModelTool): object {
  return { type: 'function', function: { name, description, parameters, strict } };
}

function toToolChoice(choice: ToolChoice): string | object {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}
