import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Link, LinkedSet } from '../../src/runtime/index.ts';

test('holds what a list holds, in its order, whatever comes and goes', () => {
  const step = fc.oneof(fc.constant('add' as const), fc.nat({ max: 30 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const set = new LinkedSet<number>();
      const links: Link<number>[] = [];
      let model: number[] = [];
      for (const one of steps) {
        if (one === 'add') {
          links.push(set.add(links.length));
          model.push(links.length - 1);
        } else {
          const link = links[one];
          if (link === undefined) continue;
          expect(set.delete(link)).toBe(model.includes(one));
          model = model.filter((value) => value !== one);
        }
        expect(set.values()).toEqual(model);
        expect(set.size).toBe(model.length);
      }
    }),
  );
});

test('what is taken out holds nothing that is still in', () => {
  const set = new LinkedSet<string>();
  const [a, , c] = [set.add('a'), set.add('b'), set.add('c')];
  for (const link of [a, c]) {
    set.delete(link);
    expect(link).toEqual({ value: link.value, previous: undefined, next: undefined, member: false });
  }
});
