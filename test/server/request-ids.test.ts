import { describe, expect, test } from '@jest/globals';
import { systemRandom } from '../../src/runtime/index.ts';
import { requestIds } from '../../src/server/request-ids.ts';

describe('ids of requests', () => {
  test('are twelve random bytes each, and none is given twice', () => {
    const next = requestIds(systemRandom);
    const ids = Array.from({ length: 1_000 }, next);
    for (const id of ids) expect(id).toMatch(/^[\w-]{16}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('take each byte once, in order', () => {
    let drawn = 0;
    const bytes = (size: number): Buffer => Buffer.from(Array.from({ length: size }, () => drawn++ % 256));
    const next = requestIds({ next: () => 0, bytes });
    const ids = Array.from({ length: 100 }, next);
    expect(Buffer.from(ids.join(''), 'base64url')).toEqual(
      Buffer.from(Array.from({ length: 1_200 }, (_, at) => at % 256)),
    );
  });
});
