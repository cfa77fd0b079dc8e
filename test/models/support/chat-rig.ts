import { afterEach, beforeEach } from '@jest/globals';
import type { BudgetStatus, BudgetWindow } from '../../../src/access/index.ts';
import type { ModelAnswer, ModelCallContext, ModelRequest, ProviderAccount } from '../../../src/models/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { account } from './accounts.ts';
import { type ChatServer, completion, json, startChatServer } from './chat-server.ts';
import { ask, callContext, type ModelsSetup, setUpModels } from './setup.ts';

export const target = { provider: 'acme', model: 'gpt-4o' };

/** Of every answer that a test does not write itself. */
export const USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 500,
  total_tokens: 1500,
  prompt_tokens_details: { cached_tokens: 400 },
  completion_tokens_details: { reasoning_tokens: 300 },
};

/** One account at a server of our own, made anew for each test of the file that calls this. */
export class ChatRig {
  server!: ChatServer;
  setup!: ModelsSetup;
  clock!: FakeClock;

  constructor() {
    beforeEach(async () => {
      this.clock = new FakeClock();
      this.server = await startChatServer();
      this.server.answer = (response) => json(response, 200, completion({ content: 'Good day.' }, { usage: USAGE }));
      await this.start([account('OPENAI', { baseUrl: `${this.server.url}/v1` })]);
    });
    afterEach(async () => {
      await this.setup.close();
      await this.server.close();
    });
  }

  /** Begins again with other accounts. */
  async start(accounts: readonly ProviderAccount[]): Promise<void> {
    await this.setup?.close();
    this.setup = await setUpModels(accounts, { clock: this.clock, googleTokenUrl: `${this.server.url}/token` });
  }

  generate(request: ModelRequest = ask('hello'), more: Partial<ModelCallContext> = {}): Promise<ModelAnswer> {
    return this.setup.models.generate(target, request, callContext(more));
  }

  spent(window: BudgetWindow): BudgetStatus | undefined {
    return this.setup.budgets.status().find((one) => one.window === window);
  }
}
