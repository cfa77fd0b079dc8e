import { describe, expect, test } from '@jest/globals';
import { settle } from '../support/fake-clock.ts';
import { account } from './support/accounts.ts';
import { ChatRig, target } from './support/chat-rig.ts';
import { json } from './support/chat-server.ts';
import { ask, callContext, failureOf, readAll, streamed } from './support/setup.ts';

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

  test.each(['tokensPerMinute', 'usdPerDay'] as const)(
    'an answer is asked for no longer than what was reserved for it: %s',
    async (window) => {
      rig.setup.limit({ kind: 'KEY', id: 'k1' }, { [window]: 100_000 });
      await rig.generate();
      await rig.generate(ask('hello', { parameters: { maxOutputTokens: 77 } }));
      await readAll(streamed(rig.setup.models, target, ask('hello'), callContext())).catch(() => {});
      const caps = rig.server.requests.map(({ body }) => JSON.parse(body).max_tokens);
      expect(caps).toEqual([4096, 77, 4096]);
    },
  );

  test('where nothing counts its length, an answer is as long as the vendor lets it be', async () => {
    await rig.generate();
    rig.setup.limit({ kind: 'KEY', id: 'k1' }, { requestsPerMinute: 10 });
    await rig.generate();
    for (const { body } of rig.server.requests) expect(JSON.parse(body)).not.toHaveProperty('max_tokens');
  });

  test('a vendor whose package asks for long answers by itself cannot take a budget past its limit', async () => {
    await rig.start([account('ANTHROPIC', { baseUrl: `${rig.server.url}/v1` })]);
    rig.setup.limit({ kind: 'KEY', id: 'k1' }, { tokensPerMinute: 10_000 });
    const sonnet = { provider: 'acme', model: 'claude-sonnet-4-5' };
    const calls = Array.from({ length: 5 }, () => rig.setup.models.generate(sonnet, ask('hello'), callContext()));
    await Promise.allSettled(calls);
    expect(rig.server.requests.map(({ body }) => JSON.parse(body).max_tokens)).toEqual([4096, 4096]);
  });

  test('a declared model that writes less, or reads little, is asked for no more', async () => {
    const models = [
      { name: 'own', maxOutputTokens: 500 },
      { name: 'small', contextTokens: 2048 },
      { name: 'large', contextTokens: 128_000, maxOutputTokens: 16_000 },
    ];
    await rig.start([account('OPENAI', { baseUrl: `${rig.server.url}/v1`, models })]);
    rig.setup.limit({ kind: 'KEY', id: 'k1' }, { tokensPerMinute: 10_000 });
    for (const { name: model } of models) {
      await rig.setup.models.generate({ provider: 'acme', model }, ask('hello'), callContext());
    }
    expect(rig.server.requests.map(({ body }) => JSON.parse(body).max_tokens)).toEqual([500, 1024, 4096]);
  });

  test('over a budget nothing leaves, and the client is told which and until when', async () => {
    rig.setup.limit({ kind: 'PROVIDER', id: 'acme' }, { tokensPerMinute: 5000 });
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
      limit: 5000,
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
