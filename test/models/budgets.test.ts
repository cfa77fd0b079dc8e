import { describe, expect, test } from '@jest/globals';
import { settle } from '../support/fake-clock.ts';
import { ChatRig } from './support/chat-rig.ts';
import { json } from './support/chat-server.ts';
import { ask, callContext, failureOf } from './support/setup.ts';

const rig = new ChatRig();

describe('budgets', () => {
  test('an estimate is held while the call goes on, and settled with what it took', async () => {
    rig.setup.limit({ kind: 'MODEL', id: 'acme/gpt-4o' }, { tokensPerMinute: 10_000, usdPerDay: 1 });
    const calling = rig.generate(ask('hello', { parameters: { maxOutputTokens: 2000 } }));
    expect(rig.spent('tokensPerMinute')?.reserved).toBeGreaterThan(2000);
    await calling;
    expect(rig.spent('tokensPerMinute')).toMatchObject({ reserved: 0, spent: 1500 });
    expect(rig.spent('usdPerDay')?.spent).toBeCloseTo(0.007, 6);
  });

  test('200 calls at once do not pass a budget for 50', async () => {
    rig.setup.limit({ kind: 'KEY', id: 'k1' }, { requestsPerMinute: 50 });
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => rig.generate()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    expect(rig.server.requests).toHaveLength(50);
    expect(rig.setup.events).toHaveLength(50);
  });

  test('over a budget nothing leaves, and the client is told which and until when', async () => {
    rig.setup.limit({ kind: 'PROVIDER', id: 'acme' }, { tokensPerMinute: 1100 });
    await rig.generate();
    const failure = await failureOf(rig.generate());
    expect(failure).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      neverLeft: true,
      elsewhere: true,
      countsAgainstHealth: false,
    });
    expect(failure.toClientError('translate', 1).extensions).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      subject: 'PROVIDER',
      window: 'tokensPerMinute',
      limit: 1100,
      resetsAt: expect.any(String),
      retryable: true,
    });
    expect(rig.server.requests).toHaveLength(1);
  });

  test('what never left is given back; what the vendor refused counts as a request', async () => {
    rig.setup.limit({ kind: 'SOURCE', id: 'translate' }, { requestsPerMinute: 10, tokensPerMinute: 100_000 });
    rig.server.answer = (response) => json(response, 500, {});
    await failureOf(rig.generate());
    expect(rig.spent('requestsPerMinute')).toMatchObject({ reserved: 0, spent: 1 });
    expect(rig.spent('tokensPerMinute')).toMatchObject({ reserved: 0, spent: 0 });
    await rig.server.close();
    expect((await failureOf(rig.generate())).neverLeft).toBe(true);
    expect(rig.spent('requestsPerMinute')).toMatchObject({ reserved: 0, spent: 1 });
  });

  test('callers without a key share one budget', async () => {
    rig.setup.limit({ kind: 'KEY', id: 'anonymous' }, { requestsPerMinute: 1 });
    await rig.generate(ask('x'), { callerId: 'anonymous' });
    const failure = await failureOf(rig.generate(ask('x'), { callerId: 'anonymous' }));
    expect(failure).toMatchObject({ code: 'BUDGET_EXCEEDED', elsewhere: false });
  });

  test('an unpriced call is counted as such', async () => {
    rig.setup.limit({ kind: 'PROVIDER', id: 'acme' }, { usdPerDay: 1 });
    const { figures } = await rig.setup.models.generate({ provider: 'acme', model: 'own' }, ask('x'), callContext());
    expect(figures.usd).toBeUndefined();
    expect(rig.spent('usdPerDay')).toMatchObject({ spent: 0, unpriced: 1 });
  });

  test('a call that nobody waits for any more', async () => {
    rig.setup.limit({ kind: 'KEY', id: 'k1' }, { tokensPerMinute: 100_000 });
    rig.server.answer = (response) => void rig.server.open.push(response);
    const caller = new AbortController();
    const failed = failureOf(rig.generate(ask('hello'), { signal: caller.signal }));
    while (rig.server.open.length === 0) await settle();
    caller.abort();
    expect(await failed).toMatchObject({ reason: 'cancelled', countsAgainstHealth: false });
    // The vendor may still bill what it has read.
    expect(rig.spent('tokensPerMinute')).toMatchObject({ reserved: 0 });
    expect(rig.spent('tokensPerMinute')?.spent).toBeGreaterThan(0);
  });
});
