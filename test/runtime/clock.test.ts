import { describe, expect, test } from '@jest/globals';
import { delay } from '../../src/runtime/index.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('delay', () => {
  test('resolves true when the time has come', async () => {
    const clock = new FakeClock();
    const done = delay(clock, 100);
    await clock.advance(100);
    expect(await done).toBe(true);
  });

  test('resolves false at once, with its timer gone, when the signal aborts', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const done = delay(clock, 100, controller.signal);
    controller.abort();
    expect(await done).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
