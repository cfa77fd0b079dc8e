import type { ModelRequest, ModelTool, ToolChoice } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';
import { readCache } from './cache.ts';

const TOOL_FIELDS = new Set(['type', 'name', 'description', 'input_schema', 'strict']);
const CHOICE_FIELDS = new Set(['type', 'name', 'disable_parallel_tool_use']);

/** `tools` and `tool_choice`. */
export function readTools(
  body: JsonObject,
  reading: Reading,
): Pick<ModelRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'> {
  const list = isNothing(body.tools) ? [] : (reading.list(body.tools, 'tools') ?? []);
  const tools = list.flatMap((each, index) => readTool(each, `tools[${index}]`, reading) ?? []);
  const choice = isNothing(body.tool_choice) ? undefined : readChoice(body.tool_choice, tools, reading);
  return { ...(tools.length === 0 ? {} : { tools }), ...choice };
}

function readTool(value: unknown, path: string, reading: Reading): ModelTool | undefined {
  const tool = reading.object(value, path);
  if (tool === undefined) return undefined;
  if (!isNothing(tool.type) && tool.type !== 'custom') {
    return reading.refuse(
      `${path}.type`,
      'Expected custom: Weir hands on no tools that a vendor runs or defines itself.',
    );
  }
  const { cache_control, eager_input_streaming: eager, ...rest } = tool;
  reading.only(rest, path, TOOL_FIELDS);
  // Arguments are always streamed as they come.
  if (!isNothing(eager) && eager !== true) {
    reading.refuse(`${path}.eager_input_streaming`, 'Weir does not hold arguments back: only true is accepted.');
  }
  const mark = readCache(cache_control, `${path}.cache_control`, reading);
  const name = reading.word(tool.name, `${path}.name`);
  const parameters = reading.object(tool.input_schema, `${path}.input_schema`);
  const description = isNothing(tool.description) ? undefined : reading.text(tool.description, `${path}.description`);
  const strict = isNothing(tool.strict) ? undefined : reading.flag(tool.strict, `${path}.strict`);
  if (name === undefined || parameters === undefined) return undefined;
  return {
    name,
    parameters,
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
    ...mark,
  };
}

function readChoice(
  value: unknown,
  tools: readonly ModelTool[],
  reading: Reading,
): Pick<ModelRequest, 'toolChoice' | 'parallelToolCalls'> {
  const choice = reading.object(value, 'tool_choice');
  if (choice === undefined) return {};
  reading.only(choice, 'tool_choice', CHOICE_FIELDS);
  const toolChoice = readKind(choice, tools, reading);
  const { disable_parallel_tool_use: disable } = choice;
  const single = isNothing(disable) ? false : reading.flag(disable, 'tool_choice.disable_parallel_tool_use');
  return {
    ...(toolChoice === undefined ? {} : { toolChoice }),
    // What false says happens anyway.
    ...(single === true ? { parallelToolCalls: false } : {}),
  };
}

function readKind(choice: JsonObject, tools: readonly ModelTool[], reading: Reading): ToolChoice | undefined {
  const type = reading.oneOf(choice.type, 'tool_choice.type', ['auto', 'any', 'tool', 'none']);
  if (type === undefined || type === 'auto' || type === 'none') return type;
  if (tools.length === 0) return reading.refuse('tool_choice', 'A call is required, and there are no tools.');
  if (type === 'any') return 'required';
  const name = reading.word(choice.name, 'tool_choice.name');
  if (name === undefined) return undefined;
  if (tools.some((tool) => tool.name === name)) return { name };
  return reading.refuse('tool_choice.name', 'Expected the name of one of tools.');
}
