import type { Problem } from '../../../errors/index.ts';
import type { ModelMessage } from '../../../models/index.ts';

const PATH = 'history';
const MAX_MESSAGES = 100;
const MAX_CHARACTERS = 200_000;

/**
 * The conversation so far as messages. Only what was said by either side: a caller writes no system message. Adds a
 * problem for one that is too long.
 */
export function historyMessages(history: unknown, problems: Problem[]): readonly ModelMessage[] {
  if (!Array.isArray(history)) return [];
  const messages = history as readonly { readonly role: string; readonly text: string }[];
  if (messages.length > MAX_MESSAGES) {
    problems.push({ path: PATH, message: `Expected at most ${MAX_MESSAGES} messages; got ${messages.length}.` });
  }
  const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > MAX_CHARACTERS) {
    problems.push({ path: PATH, message: `Expected at most ${MAX_CHARACTERS} characters in all; got ${characters}.` });
  }
  return messages.map(({ role, text }) => ({
    role: role === 'ASSISTANT' ? 'assistant' : 'user',
    parts: [{ kind: 'text', text }],
  }));
}
