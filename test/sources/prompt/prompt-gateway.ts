import { LLMock } from '@copilotkit/aimock';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** In every system message of these tests, and nowhere else. */
export const CANARY = 'canary-77b1-never-to-be-told';

/** A whole gateway with accounts (`acme` and `other`, unless others are named) at one model server. */
export interface PromptGateway {
  readonly weir: TestGateway;
  readonly server: LLMock;
  /** Throws when an admin's operation is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read into answers of every shape
  admin(query: string, variables?: Record<string, unknown>): Promise<any>;
  /** Registers and publishes `prompt(more)`; `source` is laid over the registration. */
  publish(name: string, more?: object, source?: object): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startPromptGateway(accounts = ['acme', 'other']): Promise<PromptGateway> {
  const server = new LLMock({ port: 0, logLevel: 'silent', chunkSize: 4 });
  await server.start();
  let weir = await startTestGateway();
  const admin: PromptGateway['admin'] = async (query, variables = {}) => {
    const { data, errors } = await weir.admin(query, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
    return data;
  };
  for (const name of accounts) {
    const prices = { input: 1, output: 2 };
    const models = [
      { name: 'large', prices },
      { name: 'small', prices },
      { name: 'mute', inputs: ['text'], prices },
      { name: 'gpt-5-mini', prices },
      { name: 'claude-sonnet-4-5', prices },
    ];
    const account = { kind: 'OPENAI_COMPATIBLE', baseUrl: `${server.url}/v1`, credential: { apiKey: 'sk-test' } };
    const input = { name, ...account, models };
    await admin('mutation ($input: ProviderInput!) { setProvider(input: $input) { name } }', { input });
  }
  return {
    get weir() {
      return weir;
    },
    server,
    admin,
    publish: (name, more = {}, source = {}) =>
      weir.publish({ name, visibility: 'PUBLIC', prompt: prompt(more), ...source }),
    async restart() {
      weir = await weir.restart();
    },
    async close() {
      await weir.close();
      await server.stop();
    },
  };
}

/** Registration input of a prompt; `more` is laid over it. */
export function prompt(more: object = {}): object {
  return {
    template: `${CANARY} Translate {{text}} into {{to}}.`,
    variables: [
      { name: 'text', type: 'String!', maxLength: 100 },
      { name: 'to', type: 'Language!' },
    ],
    types: 'enum Language { FR DE }',
    models: ['acme/large', 'other/small'],
    ...more,
  };
}

/** A REST API with a list of books. */
export const BOOKSHOP = {
  openapi: '3.1.0',
  info: { title: 'Bookshop', version: '1' },
  paths: {
    '/books': {
      get: {
        operationId: 'books',
        responses: {
          200: {
            description: 'ok',
            content: {
              'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Book' } } },
            },
          },
        },
      },
    },
  },
  components: { schemas: { Book: { type: 'object', required: ['title'], properties: { title: { type: 'string' } } } } },
};
