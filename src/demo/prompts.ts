import { administer } from './admin-client.ts';
import { publishDemoSource } from './sources.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A vendor's account, or what stands in for one. */
export interface DemoModel {
  /** For whoever starts the demo. */
  readonly label: string;
  /** `provider/model`. */
  readonly model: string;
  readonly provider: Readonly<Record<string, unknown>>;
}

/** The model that the demo's prompts ask: a real one where its key is set, otherwise rules that only look like one. */
export function demoModel(environment: Environment, rules: string): DemoModel {
  const { OPENAI_API_KEY: openAi, ANTHROPIC_API_KEY: anthropic } = environment;
  if (openAi !== undefined && openAi !== '') {
    const provider = { name: 'openai', kind: 'OPENAI', credential: { apiKey: openAi } };
    return { label: 'OpenAI, with OPENAI_API_KEY', model: 'openai/gpt-5-mini', provider };
  }
  if (anthropic !== undefined && anthropic !== '') {
    const provider = { name: 'anthropic', kind: 'ANTHROPIC', credential: { apiKey: anthropic } };
    return { label: 'Anthropic, with ANTHROPIC_API_KEY', model: 'anthropic/claude-haiku-4-5', provider };
  }
  const models = [{ name: 'phrases', prices: { input: 0, output: 0 } }];
  const provider = { name: 'rules', kind: 'OPENAI_COMPATIBLE', baseUrl: `${rules}/v1`, models };
  return { label: 'written by rules, no model at all', model: 'rules/phrases', provider };
}

function demoPrompts(model: string): readonly Record<string, unknown>[] {
  return [
    {
      name: 'pitch',
      title: 'Pitch',
      description: 'Why to read a book, in one sentence.',
      visibility: 'PUBLIC',
      prompt: {
        template: 'Say in one sentence why somebody should read the book {{title}}.',
        variables: [{ name: 'title', type: 'String!', maxLength: 200 }],
        models: [model],
      },
      policy: { cache: { ttlSeconds: 60, scope: 'PUBLIC' } },
    },
    {
      name: 'translate',
      title: 'Translate',
      description: 'A text in another language.',
      visibility: 'PUBLIC',
      prompt: {
        template: 'Translate {{text}} into the language {{to}}. Answer with the translation alone.',
        types: 'enum Language { FR DE }',
        variables: [
          { name: 'text', type: 'String!', maxLength: 2000 },
          { name: 'to', type: 'Language!' },
        ],
        models: [model],
      },
    },
  ];
}

const SET_PROVIDER = /* GraphQL */ `
  mutation SetProvider($input: ProviderInput!) {
    setProvider(input: $input) {
      name
    }
  }
`;

const ADD_LINK = /* GraphQL */ `
  mutation AddLink($input: LinkInput!) {
    addLink(input: $input) {
      id
    }
  }
`;

/** A prompt over the books: `{ bookshop { listBooks { nodes { title pitch } } } }`. */
const pitchLink = {
  source: 'bookshop',
  type: 'Book',
  field: 'pitch',
  description: 'Why to read it.',
  target: 'pitch',
  operation: 'pitch',
  arguments: [{ name: 'title', field: 'title' }],
};

/** Registers the account, the prompts and the link through the admin mutations, over HTTP. */
export async function registerDemoPrompts(endpoint: string, adminKey: string, model: DemoModel): Promise<void> {
  await administer(endpoint, adminKey, SET_PROVIDER, { input: model.provider });
  for (const input of demoPrompts(model.model)) await publishDemoSource(endpoint, adminKey, input);
  await administer(endpoint, adminKey, ADD_LINK, { input: pitchLink });
}
