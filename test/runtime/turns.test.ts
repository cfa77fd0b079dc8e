import { describe, expect, test } from '@jest/globals';
import { atOnce, inTurns, type Steps } from '../../src/runtime/index.ts';

function* busy(steps: number, ms: number): Steps<number> {
  for (let step = 0; step < steps; step++) {
    const until = performance.now() + ms;
    while (performance.now() < until);
    yield;
  }
  return steps;
}

describe('work in turns', () => {
  test('lets others come between, and comes to the same', async () => {
    let between = 0;
    let running = true;
    const count = (): void => {
      between++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await expect(inTurns(busy(6, 6))).resolves.toBe(6);
    running = false;
    expect(between).toBeGreaterThanOrEqual(2);
    expect(atOnce(busy(3, 0))).toBe(3);
  });

  test('fails as the work fails', async () => {
    // biome-ignore lint/correctness/useYield: it fails before its first step ends
    function* failing(): Steps<never> {
      throw new TypeError('no');
    }
    await expect(inTurns(failing())).rejects.toThrow('no');
    expect(() => atOnce(failing())).toThrow('no');
  });
});
