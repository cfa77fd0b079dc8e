import { describe, expect, test } from '@jest/globals';
import { type Cancellation, Canceller } from '../../src/runtime/index.ts';

describe('a canceller', () => {
  test('tells everybody who listens, once', () => {
    const canceller = new Canceller();
    const told: string[] = [];
    canceller.addEventListener('abort', () => told.push('first'));
    canceller.addEventListener('abort', () => told.push('second'));
    expect(canceller.aborted).toBe(false);
    canceller.abort();
    canceller.abort();
    expect(told).toEqual(['first', 'second']);
    expect(canceller.aborted).toBe(true);
  });

  test('tells nobody who has left', () => {
    const canceller = new Canceller();
    const told: string[] = [];
    const gone = (): void => void told.push('gone');
    canceller.addEventListener('abort', gone);
    canceller.removeEventListener('abort', gone);
    canceller.addEventListener('abort', () => told.push('stays'));
    canceller.abort();
    canceller.removeEventListener('abort', gone);
    expect(told).toEqual(['stays']);
  });

  test('is what an abort signal is too', () => {
    const controller = new AbortController();
    const cancellation: Cancellation = controller.signal;
    let told = 0;
    cancellation.addEventListener('abort', () => told++);
    controller.abort();
    expect([cancellation.aborted, told]).toEqual([true, 1]);
  });
});
