import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import type { Config } from '../../../src/config/index.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** A gateway with the account `acme` at a stand-in for a vendor, a consumer's key, and a prompt over each of its forms. */
export interface ModelsGateway {
  readonly weir: TestGateway;
  readonly vendor: LLMock;
  /** The official client with a consumer's key, which does not try again by itself. */
  readonly client: OpenAI;
  readonly key: string;
  readonly keyId: string;
  clientWith(key: string): OpenAI;
  /** Throws when an admin's operation is refused. */
  must(query: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const PROMPTS = [
  {
    name: 'translate',
    visibility: 'SHARED',
    prompt: {
      template: 'Translate {{text}} into {{to}}.',
      types: 'enum Language { FR DE }',
      variables: [
        { name: 'text', type: 'String!', maxLength: 2000, description: 'What to translate.' },
        { name: 'to', type: 'Language', default: 'FR' },
      ],
      models: ['acme/small'],
    },
  },
  {
    name: 'judge',
    visibility: 'PUBLIC',
    prompt: {
      template: 'Judge {{text}}, at most {{words}} words.',
      variables: [
        { name: 'text', type: 'String!' },
        { name: 'words', type: 'Int!' },
      ],
      output: 'type Verdict { good: Boolean! reasons: [String!] }',
      models: ['acme/small'],
    },
  },
  {
    name: 'secretive',
    visibility: 'PRIVATE',
    prompt: {
      template: 'Say {{x}}.',
      variables: [{ name: 'x', type: 'String!' }],
      models: ['acme/small'],
      history: true,
    },
  },
];

export async function startModelsGateway(overrides: Partial<Config> = {}): Promise<ModelsGateway> {
  const vendor = new LLMock({ port: 0, logLevel: 'silent', chunkSize: 4 });
  const baseUrl = `${await vendor.start()}/v1`;
  const weir = await startTestGateway(overrides);
  const must: ModelsGateway['must'] = async (query, variables) => {
    const { data, errors } = await weir.admin(query, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
    return data;
  };
  await must('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', {
    input: {
      name: 'acme',
      kind: 'OPENAI_COMPATIBLE',
      baseUrl,
      credential: { apiKey: 'vendor-key' },
      models: [
        { name: 'small', prices: { input: 1, output: 2 } },
        ...['busy', 'once', 'breaks', 'slow'].map((name) => ({ name })),
      ],
    },
  });
  for (const prompt of PROMPTS) await weir.publish(prompt);
  const created = (await must(
    'mutation { createKey(input: { name: "test", role: CONSUMER }) { secret key { id } } }',
  )) as { createKey: { secret: string; key: { id: string } } };
  const { secret: key } = created.createKey;
  const clientWith = (apiKey: string): OpenAI => new OpenAI({ apiKey, baseURL: `${weir.url}/v1`, maxRetries: 0 });
  return {
    weir,
    vendor,
    key,
    keyId: created.createKey.key.id,
    clientWith,
    client: clientWith(key),
    must,
    async close() {
      await weir.close();
      await vendor.stop();
    },
  };
}
