import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TransientMap } from '../../src/runtime/index.ts';

test('holds what a Map holds', () => {
  const key = fc.integer({ min: 0, max: 9 }).map(String);
  const step = fc.record({ add: fc.boolean(), key });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const map = new TransientMap<{ n: number }>();
      const model = new Map<string, { n: number }>();
      steps.forEach(({ add, key }, n) => {
        if (add) {
          map.set(key, { n });
          model.set(key, { n });
        } else {
          map.delete(key);
          model.delete(key);
        }
        expect(map.size).toBe(model.size);
        for (let i = 0; i < 10; i++) expect(map.get(String(i))).toEqual(model.get(String(i)));
      });
    }),
  );
});

test('forgets the marks of what is gone, and nothing else', () => {
  const map = new TransientMap<object>();
  const kept = {};
  map.set('kept', kept);
  for (let i = 0; i < 10_000; i++) {
    map.set(`k${i}`, {});
    map.delete(`k${i}`);
  }
  expect(map.size).toBe(1);
  expect(map.get('kept')).toBe(kept);
  expect(map.get('k9999')).toBeUndefined();
});
