import type { FinishReason } from '../../../models/index.ts';

/** OpenAI's word for how an answer ended. It has none for `other`. */
export function finishReasonOf(reason: FinishReason | undefined): string {
  switch (reason) {
    case 'length':
      return 'length';
    case 'toolCalls':
      return 'tool_calls';
    case 'contentFilter':
      return 'content_filter';
    case 'stop':
    case 'other':
    case undefined:
      return 'stop';
    default: {
      const never: never = reason;
      return never;
    }
  }
}
