import type { Budgets } from '../../../src/access/index.ts';
import { createModels } from '../../../src/models/index.ts';
import { Secret } from '../../../src/sources/index.ts';
import { type PromptInput, promptKind } from '../../../src/sources/prompt/index.ts';
import { type SourceUnderTest, sourceContract } from '../../contracts/source-contract.ts';
import { account, accountsOf } from '../../models/support/accounts.ts';
import { type Behaviour, startFaultServer } from '../../support/fault-server.ts';

const NO_LIMITS: Budgets = {
  reserve: () => ({ bounded: false, settle: () => {}, release: () => {} }),
  status: () => [],
};

/** Answers in OpenAI's format with the number that stands in the message of the user. */
const healthy: Behaviour = ({ body }) => {
  const { messages } = JSON.parse(String(body)) as { readonly messages: readonly { readonly content: string }[] };
  const { n } = JSON.parse(messages.at(-1)?.content ?? '{}') as { readonly n: number };
  const message = { role: 'assistant', content: JSON.stringify({ n, tags: ['a'] }) };
  return {
    kind: 'answer',
    body: {
      id: '1',
      model: 'large',
      created: 1,
      object: 'chat.completion',
      choices: [{ index: 0, finish_reason: 'stop', message }],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    },
  };
};

const input: PromptInput = {
  template: 'Find the item {{n}}.',
  variables: [{ name: 'n', type: 'Int!' }],
  output: 'type Item { n: Int! tags: [String!] }',
  models: ['acme/large'],
};

async function start(): Promise<SourceUnderTest<PromptInput>> {
  const server = await startFaultServer({ behaviour: healthy });
  const acme = account('OPENAI_COMPATIBLE', {
    baseUrl: `${server.url}/v1`,
    credential: { type: 'apiKey', apiKey: new Secret('hush-key') },
    headers: [{ name: 'x-client', value: new Secret('hush-header') }],
    models: [{ name: 'large' }],
  });
  return {
    server,
    healthy,
    input,
    models: (http, clock) => createModels({ accounts: accountsOf(acme), budgets: NO_LIMITS, http, clock }),
    // Other kinds join identical calls in flight by default; what chance has a hand in is joined only if it is kept.
    policy: { cache: { staleSeconds: 60 } },
    secrets: ['hush-key', 'hush-header'],
    query: {
      operation: 'shop',
      arguments: (n) => ({ n }),
      value: (n) => ({ n, tags: ['a'] }),
    },
    refused: [
      { input: { ...input, template: '' }, problems: 1 },
      { input: { ...input, template: '{{other}}', models: ['nobody/large', 'large'] }, problems: 4 },
      { input: { ...input, output: 'union A = B', parameters: { temperature: 9, topP: -1 } }, problems: 3 },
    ],
  };
}

sourceContract(promptKind, start);
