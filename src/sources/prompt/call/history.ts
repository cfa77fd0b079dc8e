import type { ModelMessage } from '../../../models/index.ts';
import { RequestRefused } from '../../shared/refused.ts';

const MAX_MESSAGES = 100;
const MAX_CHARACTERS = 200_000;

/** The conversation so far as messages. Only what was said by either side: a caller writes no system message. */
export function historyMessages(history: unknown): readonly ModelMessage[] {
  if (!Array.isArray(history)) return [];
  const messages = history as readonly { readonly role: string; readonly text: string }[];
  if (messages.length > MAX_MESSAGES) {
    throw new RequestRefused(`history must have at most ${MAX_MESSAGES} messages; it has ${messages.length}.`);
  }
  const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > MAX_CHARACTERS) {
    throw new RequestRefused(`history must have at most ${MAX_CHARACTERS} characters; it has ${characters}.`);
  }
  return messages.map(({ role, text }) => ({
    role: role === 'ASSISTANT' ? 'assistant' : 'user',
    parts: [{ kind: 'text', text }],
  }));
}
