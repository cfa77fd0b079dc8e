import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '../../../src/sources/index.ts';
import type { Answer } from '../../../src/sources/ladder/index.ts';
import { settle } from '../../support/fake-clock.ts';
import { answer, failure, Rig } from './rig.ts';

/** Random callers, arguments, headers, failures, purges, mutations and times on one ladder. */
const caller = fc.constantFrom('ann', 'bob', 'cy');
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      caller,
      credential: fc.boolean(),
      tenant: fc.constantFrom(undefined, 't1', 't2'),
      id: fc.integer({ min: 1, max: 2 }),
      leaves: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('land' as const), which: fc.nat(5), ok: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), caller }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('health' as const), down: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1, 250, 5_000, 60_000) }),
  },
);

describe('isolation', () => {
  test.each([
    ['by default', {}],
    ['with a ttl and a short soft timeout', { softTimeoutMs: 10, cache: { ttlSeconds: 30 } }],
    ['with a fallback', { fallback: { value: 'nobody' } }],
  ])('no caller is ever given what was answered to another’s credential or tenant, %s', async (_, policy) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const rig = new Rig(policy);
        const open: { resolve: (value: Answer) => void; reject: (error: unknown) => void }[] = [];
        const done: Promise<void>[] = [];
        // The upstream answers with what it could read off the request it was sent.
        rig.upstream = (_n, call) => {
          if (call.operation.kind === 'mutation') return answer('written');
          const { promise, resolve, reject } = Promise.withResolvers<Answer>();
          const owner = call.forwardsCredentials ? call.context.callerId : 'everybody';
          const told = { owner, tenant: call.varyHeaders?.['x-tenant'], id: call.argumentsKey };
          open.push({ resolve: () => resolve(answer(told, { headers: { vary: 'x-tenant' } })), reject });
          return promise;
        };
        for (const step of steps) {
          if (step.kind === 'read') {
            const client = new AbortController();
            const own = step.credential ? `authorization:${step.caller}` : '';
            const outcome = rig.run({
              caller: step.caller,
              args: { id: step.id },
              forwardsCredentials: step.credential,
              varyKey: own,
              varyHeaders: step.tenant === undefined ? {} : { 'x-tenant': step.tenant },
              context: { signal: client.signal },
            });
            const owner = step.credential ? step.caller : 'everybody';
            done.push(outcome.then((o) => expectOwn(o, { owner, tenant: step.tenant, id: `{"id":${step.id}}` })));
            if (step.leaves) client.abort();
          } else if (step.kind === 'land') {
            const [call] = open.splice(step.which, 1);
            if (step.ok) call?.resolve(answer(null));
            else call?.reject(failure({ retryable: false }));
          } else if (step.kind === 'write') await rig.mutate({ caller: step.caller });
          else if (step.kind === 'purge') rig.cache.purgeTags(['source:petstore']);
          else if (step.kind === 'health') rig.pool.state = step.down ? 'down' : 'available';
          else await rig.clock.advance(step.ms);
          await settle();
        }
        await rig.ladder.close();
        await Promise.all(done);
        expect(rig.clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

function expectOwn(outcome: Outcome, own: { owner: string; tenant: string | undefined; id: string }): void {
  if (outcome.kind === 'FAILED' || outcome.kind === 'FALLBACK') return;
  expect(outcome.value).toEqual(own);
}
