import type { ProviderAccount, ProviderKind } from '../../../src/models/index.ts';
import { Secret } from '../../../src/runtime/index.ts';
import { account, CANARY } from './accounts.ts';

/** A kind of provider, as the stand-in server serves it, and a model that it is asked for. */
export interface VendorCase {
  readonly kind: ProviderKind;
  readonly model: string;
  account(server: string): ProviderAccount;
}

const at = (kind: ProviderKind, model: string, path: string, more: Partial<ProviderAccount> = {}): VendorCase => ({
  kind,
  model,
  account: (server) => account(kind, { baseUrl: `${server}${path}`, ...more }),
});

export const VENDORS: readonly VendorCase[] = [
  at('OPENAI', 'gpt-4o', '/v1'),
  at('AZURE_OPENAI', 'gpt-4o', '/openai', { options: { apiVersion: '2024-10-21' } }),
  at('ANTHROPIC', 'claude-sonnet-4-5', '/v1'),
  at('GOOGLE', 'gemini-2.5-flash', '/v1beta'),
  at('GOOGLE_VERTEX', 'gemini-2.5-flash', '/v1/projects/p/locations/europe-west1/publishers/google'),
  at('AMAZON_BEDROCK', 'amazon.nova-pro-v1:0', '', {
    credential: { type: 'accessKey', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret(CANARY) },
    options: { region: 'eu-central-1' },
  }),
  at('MISTRAL', 'mistral-large-latest', '/v1'),
  at('COHERE', 'command-r-plus', '/v2'),
  at('XAI', 'grok-4', '/v1'),
  at('GROQ', 'llama-3.3-70b-versatile', '/v1'),
  at('DEEPSEEK', 'deepseek-chat', '/v1'),
  at('OPENAI_COMPATIBLE', 'local-model', '/v1'),
];
