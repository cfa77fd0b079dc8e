import { describe, expect, jest, test } from '@jest/globals';
import { Emitter } from '../../src/runtime/index.ts';

describe('Emitter', () => {
  test('tells every listener, until it stops listening', () => {
    const emitter = new Emitter<number>();
    const seen: string[] = [];
    const stop = emitter.on((n) => seen.push(`a${n}`));
    emitter.on((n) => seen.push(`b${n}`));
    emitter.emit(1);
    stop();
    emitter.emit(2);
    expect(seen).toEqual(['a1', 'b1', 'b2']);
  });

  test('a listener that throws disturbs neither the others nor the one who emits', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const emitter = new Emitter<number>();
    const seen: number[] = [];
    emitter.on(() => {
      throw new TypeError('no');
    });
    emitter.on((n) => seen.push(n));
    emitter.emit(1);
    expect(seen).toEqual([1]);
    expect(warn).toHaveBeenCalledWith('TypeError: no', { code: 'WEIR_LISTENER_FAILED' });
    warn.mockRestore();
  });
});
