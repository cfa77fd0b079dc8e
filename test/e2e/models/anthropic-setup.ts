import Anthropic from '@anthropic-ai/sdk';
import type { Config } from '../../../src/config/index.ts';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

/** A gateway for models with further accounts at the same stand-in: one of each kind that is asked here. */
export interface MessagesGateway extends ModelsGateway {
  /** Anthropic's official client with a consumer's key, which does not try again by itself. */
  readonly anthropic: Anthropic;
  anthropicWith(key: string, maxRetries?: number): Anthropic;
  /** Without the client, with the key in `x-api-key`. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Of each kind of provider, a model that it knows. */
export const MODELS = {
  OPENAI_COMPATIBLE: 'acme/small',
  OPENAI: 'oai/gpt-4o',
  ANTHROPIC: 'claude/claude-sonnet-4-5',
} as const;

/** Models of each account: one for each way to fail. */
const FAILING = ['busy', 'fails', 'cut', 'once', 'breaks', 'slow'];

const setProvider = 'mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }';

export async function startMessagesGateway(overrides: Partial<Config> = {}): Promise<MessagesGateway> {
  const gateway = await startModelsGateway(overrides);
  const { weir, must, vendor, key } = gateway;
  const credential = { apiKey: 'vendor-key' };
  const baseUrl = `${vendor.url}/v1`;
  const prices = { input: 1, output: 2 };
  for (const [name, kind, model] of [
    ['acme', 'OPENAI_COMPATIBLE', 'small'],
    ['oai', 'OPENAI', 'gpt-4o'],
    ['claude', 'ANTHROPIC', 'claude-sonnet-4-5'],
  ] as const) {
    const models = [{ name: model, prices }, ...FAILING.map((each) => ({ name: each }))];
    await must(setProvider, { input: { name, kind, baseUrl, credential, models } });
  }
  const anthropicWith = (apiKey: string, maxRetries = 0): Anthropic =>
    new Anthropic({ apiKey, baseURL: weir.url, maxRetries });
  return {
    ...gateway,
    anthropic: anthropicWith(key),
    anthropicWith,
    post: (path, body, headers = {}) =>
      fetch(`${weir.url}${path}`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

export const MODEL = MODELS.OPENAI_COMPATIBLE;

export const say = (content: string) => [{ role: 'user' as const, content }];

/** As the stand-in tells it in either format. */
export const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, input_tokens: 10, output_tokens: 5 };

export const weather = {
  name: 'weather',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
};

/** The error that a call of the client ends with. */
export async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  try {
    await call;
  } catch (error: unknown) {
    if (error instanceof Anthropic.APIError) return error;
    throw error;
  }
  throw new Error('the call was answered');
}

/** The places that an answer blames. */
export function problemsOf(error: InstanceType<typeof Anthropic.APIError>): readonly { readonly path: string }[] {
  const body = error.error as { error: { problems?: readonly { readonly path: string }[] } };
  return body.error.problems ?? [];
}
