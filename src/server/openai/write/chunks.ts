import type { ModelEvent, ModelFigures } from '../../../models/index.ts';
import type { AnswerHead } from './completion.ts';
import { finishReasonOf } from './finish-reason.ts';
import { usageOf } from './usage.ts';

/** Writes the pieces of one streamed answer as `chat.completion.chunk`s, each the JSON text of one server-sent event. */
export interface ChunkWriter {
  /** Says who speaks. */
  begin(): string;
  piece(event: ModelEvent): string;
  /** The reason of the end, and, when it was asked for, the tokens. */
  finish(figures: ModelFigures): readonly string[];
}

export function createChunkWriter(head: AnswerHead, includeUsage: boolean): ChunkWriter {
  // All chunks begin alike: a text, which is most of them, costs the writing of its own characters alone.
  const start =
    `{"id":${JSON.stringify(head.id)},"object":"chat.completion.chunk","created":${head.created},` +
    `"model":${JSON.stringify(head.model)},"choices":`;
  const end = includeUsage ? ',"usage":null}' : '}';
  const chunk = (delta: string, finish = 'null', logprobs = 'null'): string =>
    `${start}[{"index":0,"delta":${delta},"logprobs":${logprobs},"finish_reason":${finish}}]${end}`;

  return {
    begin: () => chunk('{"role":"assistant","content":"","refusal":null}'),
    piece: (event) =>
      event.kind === 'text' && event.logprobs !== undefined
        ? chunk(deltaOf(event), 'null', JSON.stringify(event.logprobs))
        : chunk(deltaOf(event)),
    finish(figures) {
      const last = chunk('{}', JSON.stringify(finishReasonOf(figures.finishReason)));
      return includeUsage ? [last, `${start}[],"usage":${JSON.stringify(usageOf(figures))}}`] : [last];
    },
  };
}

function deltaOf(event: ModelEvent): string {
  switch (event.kind) {
    case 'text':
      return `{"content":${JSON.stringify(event.delta)}}`;
    case 'toolCall': {
      const called = { name: event.name, arguments: '' };
      return JSON.stringify({ tool_calls: [{ index: event.index, id: event.id, type: 'function', function: called }] });
    }
    case 'toolCallDelta':
      return JSON.stringify({ tool_calls: [{ index: event.index, function: { arguments: event.delta } }] });
    case 'thinking':
    case 'thinkingSigned':
    case 'sealedThinking':
      throw new Error('nobody asks for thoughts in this format');
    default: {
      const never: never = event;
      return never;
    }
  }
}
