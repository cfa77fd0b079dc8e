import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LikeChunks } from '../../../src/models/openai-format/like-chunks.ts';

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content: string } }[];
}

const textOf = (parsed: unknown): unknown => (parsed as Chunk | undefined)?.choices[0]?.delta.content;
const chunk = (content: string, more: object = {}): string =>
  JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, ...more }] });

function learnt(text: string, from = chunk(text)): LikeChunks {
  const like = new LikeChunks();
  like.learn(from, text, textOf);
  return like;
}

describe('chunks that differ in their text alone', () => {
  test('are read as parsing would read them, whatever their texts', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (first, second) => {
        expect(learnt(first).read(chunk(second))).toBe(textOf(JSON.parse(chunk(second))));
      }),
    );
  });

  test('with spaces, and letters that are written as escapes', () => {
    const spaced = (content: string) => `{"choices": [{"delta": {"content": ${content}}}]}`;
    const like = learnt('a', spaced('"a"'));
    expect(like.read(spaced('"caf\\u00e9"'))).toBe('café');
    expect(like.read(spaced('"a\\"b"'))).toBe('a"b');
    expect(like.read(spaced('""'))).toBe('');
  });

  test.each([
    ['a reason to finish', chunk('b', { finish_reason: 'stop' })],
    ['another field after the text', '{"choices":[{"delta":{"content":"b","role":"x"}}]}'],
    ['more than one string', chunk('b').replace('"b"', '"b","refusal":"no"')],
    ['an unknown escape', chunk('b').replace('"b"', '"\\x"')],
    ['no string', chunk('b').replace('"b"', 'null')],
    ['less than is learnt', '{"id":"c1"'],
  ])('others are not: %s', (_name, other) => {
    expect(learnt('a').read(other)).toBeUndefined();
  });

  test('nothing is learnt where the same words stand in another place too', () => {
    const from = '{"content":"a","choices":[{"delta":{"content":"a"}}]}';
    expect(learnt('a', from).read(from.replaceAll('"a"', '"b"'))).toBeUndefined();
  });

  test('a stream whose chunks all differ is given up', () => {
    const like = new LikeChunks();
    for (let i = 0; i < 10; i++) like.learn(chunk('a', { padding: i }), 'a', textOf);
    expect(like.read(chunk('b', { padding: 3 }))).toBe('b');
    expect(like.read(chunk('b', { padding: 9 }))).toBeUndefined();
  });
});
