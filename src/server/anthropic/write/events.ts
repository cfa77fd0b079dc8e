import { WeirError } from '../../../errors/index.ts';
import type { ModelEvent, ModelFigures } from '../../../models/index.ts';
import type { StreamWriter } from '../../way-in/answer-chat.ts';
import type { EventStream } from '../../way-in/event-stream.ts';
import { type MessageHead, messageOf, sealedBlock, textBlock, thinkingBlock, toolUseBlock } from './message.ts';
import { stopReasonOf } from './stop-reason.ts';
import { usageOf } from './usage.ts';

/** What is not known before the end, where `message_delta` says it. */
const NO_USAGE = { input_tokens: 0, output_tokens: 0 };

/**
 * Writes one streamed answer as Anthropic's events. Its blocks come one after another, so each begins when the one before
 * it has ended. `failed` makes the last event of a stream that broke off.
 */
export function createEventWriter(head: MessageHead, failed: (error: unknown) => object): StreamWriter {
  /** Which block is open: the last of those that were begun, unless there is none. */
  let open: string | undefined;
  let index = -1;
  let hasToolCalls = false;

  const send = (to: EventStream, type: string, fields: object = {}): Promise<void> | undefined =>
    to.send(JSON.stringify({ type, ...fields }), type);

  const close = (to: EventStream): void => {
    if (open !== undefined) void send(to, 'content_block_stop', { index });
    open = undefined;
  };
  const begin = (to: EventStream, block: string, content: object): Promise<void> | undefined => {
    close(to);
    open = block;
    index += 1;
    return send(to, 'content_block_start', { index, content_block: content });
  };
  const beginThought = (to: EventStream, block: string): void => {
    const key = `thinking ${block}`;
    if (open !== key) void begin(to, key, thinkingBlock('', ''));
  };
  const sendDelta = (to: EventStream, delta: object): Promise<void> | undefined =>
    send(to, 'content_block_delta', { index, delta });
  // Most of a stream: it costs the writing of its own characters alone.
  const textDelta = (to: EventStream, text: string): Promise<void> | undefined =>
    to.send(
      `{"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":${JSON.stringify(text)}}}`,
      'content_block_delta',
    );

  return {
    begin: (to) => void send(to, 'message_start', { message: messageOf(head, [], null, NO_USAGE) }),
    piece(to, event: ModelEvent) {
      switch (event.kind) {
        case 'text':
          if (open !== 'text') void begin(to, 'text', textBlock(''));
          return textDelta(to, event.delta);
        case 'toolCall':
          hasToolCalls = true;
          return begin(to, toolKey(event.index), toolUseBlock(event.id, event.name, {}));
        case 'toolCallDelta':
          if (open !== toolKey(event.index)) throw interleaved(head.model);
          return sendDelta(to, { type: 'input_json_delta', partial_json: event.delta });
        case 'thinking':
          beginThought(to, event.block);
          return sendDelta(to, { type: 'thinking_delta', thinking: event.delta });
        case 'thinkingSigned':
          beginThought(to, event.block);
          return sendDelta(to, { type: 'signature_delta', signature: event.signature });
        case 'sealedThinking':
          return begin(to, 'sealed', sealedBlock(event.data));
        default: {
          const never: never = event;
          return never;
        }
      }
    },
    finish(to, figures: ModelFigures) {
      close(to);
      const delta = { stop_reason: stopReasonOf(figures.finishReason, hasToolCalls), stop_sequence: null };
      void send(to, 'message_delta', { delta, usage: usageOf(figures) });
      void send(to, 'message_stop');
    },
    fail: (to, error) => void to.send(JSON.stringify(failed(error)), 'error'),
  };
}

const toolKey = (index: number): string => `tool ${index}`;

/** No vendor is known to do this, and Anthropic's format has no way to say it. */
function interleaved(model: string): WeirError {
  return new WeirError('UPSTREAM_INVALID_RESPONSE', `${model} went on with a tool call after it had begun another.`);
}
