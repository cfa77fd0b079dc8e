import type { FinishReason } from '../../../models/index.ts';

/**
 * Anthropic's word for how an answer ended. Calls of tools are waited for wherever there are any: some vendors say of
 * them that the answer was complete.
 */
export function stopReasonOf(reason: FinishReason | undefined, hasToolCalls: boolean): string {
  switch (reason) {
    case 'length':
      return 'max_tokens';
    case 'contentFilter':
      return 'refusal';
    case 'toolCalls':
      return 'tool_use';
    case 'stop':
    case 'other':
    case undefined:
      return hasToolCalls ? 'tool_use' : 'end_turn';
    default: {
      const never: never = reason;
      return never;
    }
  }
}
