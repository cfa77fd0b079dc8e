import { describe, expect, test } from '@jest/globals';
import { readMessagesRequest } from '../../../src/server/anthropic/read/messages-request.ts';
import { readChatRequest } from '../../../src/server/openai/read/chat-request.ts';

const user = { role: 'user', content: 'Hi' };
const chat = (...messages: unknown[]) => readChatRequest({ model: 'p/m', messages });
const messages = (...given: unknown[]) => readMessagesRequest({ model: 'p/m', max_tokens: 9, messages: given });

describe('what a refused request is told', () => {
  test.each([
    [chat, 'Expected one of system, developer, user, assistant, tool'],
    [messages, 'Expected one of user, assistant, system'],
  ])('the words that may stand there, and the one that came', (read, expected) => {
    const told = (role: unknown) => () => read({ ...user, role });
    expect(told('robot')).toThrow(`messages[0].role: ${expected}, got "robot".`);
    expect(told(5)).toThrow(`messages[0].role: ${expected}, got the number 5.`);
    // What does not look like such a word may be anything.
    for (const role of ['sk-1234abcd', 'x'.repeat(40), 'two words', '"']) {
      expect(told(role)).toThrow(`messages[0].role: ${expected}, got a string.`);
    }
  });

  test.each([chat, messages])('that a content may be a text too', (read) => {
    expect(() => read({ ...user, content: 5 })).toThrow('Expected a text or a list of parts, got the number 5.');
  });

  test('that a system message may be a text too', () => {
    const ask = { model: 'p/m', max_tokens: 9, messages: [user], system: 5 };
    expect(() => readMessagesRequest(ask)).toThrow('system: Expected a text or a list of parts, got the number 5.');
  });

  test('that Anthropic’s format demands a length', () => {
    expect(() => readMessagesRequest({ model: 'p/m', messages: [user] })).toThrow(
      'max_tokens: This format requires it: a whole number from 1 up.',
    );
    expect(() => readMessagesRequest({ model: 'p/m', messages: [user], max_tokens: 0 })).toThrow(
      'max_tokens: Expected a whole number from 1 up, got the number 0.',
    );
  });
});
