import { describe, expect, test } from '@jest/globals';
import { parseText } from '../../../../src/sources/rest/document/text.ts';

function problems(text: string): readonly { path: string; message: string }[] {
  const parsed = parseText(text);
  if (parsed.ok) throw new Error('Expected it to be refused; it was taken.');
  return parsed.problems;
}

describe('what is taken', () => {
  test.each([
    ['JSON', '{"openapi": "3.0.0"}'],
    ['JSON with a byte order mark', '\uFEFF{"openapi": "3.0.0"}'],
    ['YAML', 'openapi: 3.0.0'],
    ['YAML in braces', '{openapi: 3.0.0}'],
    ['YAML with a key twice', 'openapi: 2\nopenapi: 3.0.0'],
  ])('%s', (_title, text) => {
    expect(parseText(text)).toEqual({ ok: true, document: { openapi: '3.0.0' } });
  });

  test('numbers as keys, merge keys, words that older YAML read as booleans', () => {
    const parsed = parseText('base: &b {x: on}\nresponses:\n  200: {<<: *b, y: no}');
    expect(parsed).toEqual({ ok: true, document: { base: { x: 'on' }, responses: { '200': { x: 'on', y: 'no' } } } });
  });

  test("a key that is every object's prototype is a key like others", () => {
    const parsed = parseText('{"__proto__": {"polluted": true}}');
    if (!parsed.ok) throw new Error('Expected it to be taken.');
    expect(Object.keys(parsed.document)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('what is refused', () => {
  test('neither JSON nor YAML, with the place', () => {
    expect(problems('a: [1, 2\nb: }')[0]?.message).toMatch(/^Expected JSON or YAML; line 2, column/);
    expect(problems('{"a": 1,, }')[0]?.message).toMatch(/^Expected JSON or YAML; as JSON it fails/);
  });

  test.each([
    ['text', 'hello', 'the string "hello"'],
    ['a list', '[1, 2]', 'an array of 2'],
    ['nothing', '', 'null'],
    ['a page', '<html><body>Not found</body></html>', 'the string'],
  ])('%s', (_title, text, came) => {
    expect(problems(text)[0]?.message).toContain(`Expected an OpenAPI document (an object); got ${came}`);
  });

  test('aliases that explode', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(problems(lines.join('\n'))[0]?.message).toContain(
      'Expected YAML whose aliases expand to at most 1000 copies',
    );
  });

  test.each([
    ['JSON', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
    ['a list in JSON', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['YAML', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ])('nesting without end: %s', (_title, text) => {
    expect(problems(text)).toHaveLength(1);
  });
});
