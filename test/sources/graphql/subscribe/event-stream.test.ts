import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventStreamReader, type ServerSentEvent } from '../../../../src/sources/graphql/subscribe/event-stream.ts';

const encoder = new TextEncoder();

function read(text: string, cuts: readonly number[] = [], maxLength = 1_000): readonly ServerSentEvent[] {
  const bytes = encoder.encode(text);
  const reader = new EventStreamReader(maxLength);
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  return places.flatMap((to) => {
    const piece = bytes.subarray(from, to);
    from = to;
    return reader.push(piece);
  });
}

describe('a stream of events', () => {
  test('has lines of every ending, comments, and fields that nobody knows', () => {
    expect(read(':hello\r\nevent: next\r\ndata: {}\r\n\r\nid: 7\rretry:1\rdata:a\rdata: b\rdata\r\r')).toEqual([
      { event: 'next', data: '{}' },
      { event: 'message', data: 'a\nb\n' },
    ]);
  });

  test('may have an event without data, and ends with none that is half there', () => {
    expect(read('event: complete\n\n:\n\nevent: next\ndata: 1\n')).toEqual([{ event: 'complete', data: '' }]);
  });

  test('is the same however it is cut', () => {
    const line = fc.constantFrom('event: next', 'data: grüße 💥', 'data:', ': ping', '', '', 'id: 1');
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n'))).map((all) => all.flat().join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (stream, cuts) => {
        expect(read(stream, cuts)).toEqual(read(stream));
      }),
    );
  });

  test('may not have an event without end, while comments are free', () => {
    expect(() => read(`data: ${'x'.repeat(1_000)}`)).toThrow(RangeError);
    expect(() => read('data: x\n'.repeat(200))).toThrow(RangeError);
    expect(() => read(': ping\n\n'.repeat(1_000))).not.toThrow();
    expect(() => read(': ping\n'.repeat(1_000))).not.toThrow();
  });
});
