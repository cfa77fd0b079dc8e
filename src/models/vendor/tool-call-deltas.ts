import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ModelEvent } from '../types.ts';

/** Tool calls of one stream. Some vendors send the arguments in pieces, some whole, some both. */
export class ToolCallDeltas {
  readonly #calls = new Map<string, { readonly index: number; begun: boolean }>();

  /** Events for a part of the stream; none when it is no tool call's, or said before. */
  read(part: LanguageModelV4StreamPart): readonly ModelEvent[] {
    switch (part.type) {
      case 'tool-input-start':
        return this.#start(part.id, part.toolName);
      case 'tool-input-delta':
        return this.#delta(part.id, part.delta);
      case 'tool-call': {
        const started = this.#start(part.toolCallId, part.toolName);
        return this.#calls.get(part.toolCallId)?.begun === true
          ? started
          : [...started, ...this.#delta(part.toolCallId, part.input)];
      }
      default:
        return [];
    }
  }

  #start(id: string, name: string): readonly ModelEvent[] {
    if (this.#calls.has(id)) return [];
    const index = this.#calls.size;
    this.#calls.set(id, { index, begun: false });
    return [{ kind: 'toolCall', index, id, name }];
  }

  #delta(id: string, delta: string): readonly ModelEvent[] {
    const call = this.#calls.get(id);
    if (call === undefined || delta === '') return [];
    call.begun = true;
    return [{ kind: 'toolCallDelta', index: call.index, delta }];
  }
}
