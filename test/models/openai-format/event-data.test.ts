import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventData } from '../../../src/models/openai-format/event-data.ts';

function readAll(text: string, cuts: readonly number[] = []): readonly string[] {
  const bytes = Buffer.from(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const data = new EventData();
  let begin = 0;
  return ends.flatMap((end) => {
    const read = data.read(bytes.subarray(begin, end));
    begin = end;
    return read;
  });
}

test('data of events, whatever else is in the stream', () => {
  const text = '\uFEFF: hello\nid: 1\nevent: x\ndata: a\n\ndata:b\ndata:  c\n\ndatabase: no\n\ndata\n\nretry: 5\n\n';
  expect(readAll(text)).toEqual(['a', 'b\n c', '']);
});

test('lines that end with CRLF', () => {
  expect(readAll('data: a\r\n\r\ndata: b\r\n\r\n')).toEqual(['a', 'b']);
});

test('an event that was not ended is none', () => {
  expect(readAll('data: a\n\ndata: b\n')).toEqual(['a']);
});

test('where the bytes are cut makes no difference, not even within a character', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text) && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), (events, cuts) => {
      const text = events.map((one) => `data: ${one}\n\n`).join('');
      expect(readAll(text, cuts)).toEqual(events);
    }),
  );
});
