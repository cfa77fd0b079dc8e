import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TagVersions } from '../../src/cache/tag-versions.ts';

describe('TagVersions', () => {
  test('is bounded, and forgets no purge for it', () => {
    const versions = new TagVersions(10);
    const before = versions.epoch;
    for (let i = 0; i < 1_000; i++) versions.purge([`tag:${i}`]);
    expect(versions.size).toBe(10);
    for (let i = 0; i < 1_000; i++) expect(versions.isCurrent([`tag:${i}`], before)).toBe(false);
    expect(versions.isCurrent(['tag:5'], versions.epoch)).toBe(true);
  });

  test('never calls anything current that a list of all purges calls purged', () => {
    const tag = fc.constantFrom<string>('a', 'b', 'c', 'd', 'e');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('purge' as const), tags: fc.array(tag, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('purgeAll' as const) }),
      fc.record({ kind: fc.constant('begin' as const), tags: fc.array(tag, { maxLength: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(2, 1_000), (steps, limit) => {
        const versions = new TagVersions(limit);
        const begun: { tags: readonly string[]; epoch: number; purged: boolean }[] = [];
        for (const step of steps) {
          if (step.kind === 'begin') begun.push({ tags: step.tags, epoch: versions.epoch, purged: false });
          else if (step.kind === 'purge') {
            versions.purge(step.tags);
            for (const call of begun) call.purged ||= call.tags.some((name) => step.tags.includes(name));
          } else {
            versions.purgeAll();
            for (const call of begun) call.purged = true;
          }
        }
        for (const call of begun) {
          const current = versions.isCurrent(call.tags, call.epoch);
          if (call.purged) expect(current).toBe(false);
          else if (limit === 1_000) expect(current).toBe(true); // within its bound it is exact
        }
      }),
    );
  });
});
