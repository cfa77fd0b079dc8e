import type { JsonSchema, ModelRequest, ModelTool, ToolChoice } from '../../../models/index.ts';
import { isNothing, type JsonObject, type Reading } from '../../way-in/reading.ts';

const TOOL_FIELDS = new Set(['type', 'function']);
const FUNCTION_FIELDS = new Set(['name', 'description', 'parameters', 'strict']);
const FORMAT_FIELDS = new Set(['type', 'json_schema']);
const SCHEMA_FIELDS = new Set(['name', 'description', 'schema', 'strict']);
const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} };

/** `tools`, `tool_choice` and `parallel_tool_calls`. */
export function readTools(
  body: JsonObject,
  reading: Reading,
): Pick<ModelRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'> {
  const tools: ModelTool[] = [];
  if (!isNothing(body.tools)) {
    for (const [index, each] of (reading.list(body.tools, 'tools') ?? []).entries()) {
      const tool = readTool(each, `tools[${index}]`, reading);
      if (tool !== undefined) tools.push(tool);
    }
  }
  const choice = isNothing(body.tool_choice) ? undefined : readChoice(body.tool_choice, tools, reading);
  const parallel = isNothing(body.parallel_tool_calls)
    ? undefined
    : reading.flag(body.parallel_tool_calls, 'parallel_tool_calls');
  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(choice === undefined ? {} : { toolChoice: choice }),
    ...(parallel === undefined ? {} : { parallelToolCalls: parallel }),
  };
}

function readTool(value: unknown, path: string, reading: Reading): ModelTool | undefined {
  const tool = reading.object(value, path);
  if (tool === undefined) return undefined;
  reading.only(tool, path, TOOL_FIELDS);
  if (reading.oneOf(tool.type, `${path}.type`, ['function']) === undefined) return undefined;
  const place = `${path}.function`;
  const described = reading.object(tool.function, place);
  if (described === undefined) return undefined;
  reading.only(described, place, FUNCTION_FIELDS);
  const name = reading.word(described.name, `${place}.name`);
  const { description, parameters, strict } = described;
  const schema = isNothing(parameters) ? NO_PARAMETERS : reading.object(parameters, `${place}.parameters`);
  const about = isNothing(description) ? undefined : reading.text(description, `${place}.description`);
  const strictly = isNothing(strict) ? undefined : reading.flag(strict, `${place}.strict`);
  if (name === undefined || schema === undefined) return undefined;
  return {
    name,
    parameters: schema,
    ...(about === undefined ? {} : { description: about }),
    ...(strictly === undefined ? {} : { strict: strictly }),
  };
}

function readChoice(value: unknown, tools: readonly ModelTool[], reading: Reading): ToolChoice | undefined {
  if (typeof value === 'string') {
    const word = reading.oneOf(value, 'tool_choice', ['none', 'auto', 'required']);
    if (word === 'required' && tools.length === 0) {
      return reading.refuse('tool_choice', 'A call is required, and there are no tools.');
    }
    return word;
  }
  const choice = reading.object(value, 'tool_choice');
  if (choice === undefined) return undefined;
  reading.only(choice, 'tool_choice', TOOL_FIELDS);
  if (reading.oneOf(choice.type, 'tool_choice.type', ['function']) === undefined) return undefined;
  const name = reading.word(reading.object(choice.function, 'tool_choice.function')?.name, 'tool_choice.function.name');
  if (name === undefined) return undefined;
  if (tools.some((tool) => tool.name === name)) return { name };
  return reading.refuse('tool_choice.function.name', 'Expected the name of one of tools.');
}

/** `response_format`. */
export function readResponseFormat(value: unknown, reading: Reading): Pick<ModelRequest, 'output'> {
  const format = isNothing(value) ? undefined : reading.object(value, 'response_format');
  if (format === undefined) return {};
  reading.only(format, 'response_format', FORMAT_FIELDS);
  const type = reading.oneOf(format.type, 'response_format.type', ['text', 'json_object', 'json_schema']);
  if (type === 'json_object') return { output: { kind: 'json' } };
  if (type !== 'json_schema') return {};
  const path = 'response_format.json_schema';
  const given = reading.object(format.json_schema, path);
  if (given === undefined) return {};
  reading.only(given, path, SCHEMA_FIELDS);
  const name = reading.word(given.name, `${path}.name`);
  const schema = reading.object(given.schema, `${path}.schema`);
  const description = isNothing(given.description) ? undefined : reading.text(given.description, `${path}.description`);
  const strict = isNothing(given.strict) ? undefined : reading.flag(given.strict, `${path}.strict`);
  if (name === undefined || schema === undefined) return {};
  return {
    output: {
      kind: 'json',
      schema,
      name,
      ...(description === undefined ? {} : { description }),
      ...(strict === undefined ? {} : { strict }),
    },
  };
}
