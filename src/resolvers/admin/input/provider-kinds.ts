import type { ProviderCredential, ProviderKind, ProviderOptions } from '../../../models/index.ts';

export type OptionName = keyof ProviderOptions;
export type CredentialType = ProviderCredential['type'];

/** What the account of a kind may and must have. */
export interface KindRules {
  readonly credentials: readonly CredentialType[];
  /** A model server of one's own may ask for none. */
  readonly credentialNeeded: boolean;
  readonly options: readonly OptionName[];
  readonly optionsNeeded: readonly OptionName[];
  /** `orResourceName`: exactly one of the two. */
  readonly baseUrl: 'optional' | 'needed' | 'orResourceName';
}

const withApiKey: KindRules = {
  credentials: ['apiKey'],
  credentialNeeded: true,
  options: [],
  optionsNeeded: [],
  baseUrl: 'optional',
};

export const KIND_RULES: Readonly<Record<ProviderKind, KindRules>> = {
  OPENAI: { ...withApiKey, options: ['organization', 'project'] },
  AZURE_OPENAI: { ...withApiKey, options: ['resourceName', 'apiVersion'], baseUrl: 'orResourceName' },
  ANTHROPIC: withApiKey,
  GOOGLE: withApiKey,
  // An API key is Vertex' express mode, which knows neither project nor location.
  GOOGLE_VERTEX: {
    ...withApiKey,
    credentials: ['serviceAccount', 'accessToken', 'apiKey'],
    options: ['project', 'location'],
  },
  AMAZON_BEDROCK: {
    ...withApiKey,
    credentials: ['accessKey', 'apiKey'],
    options: ['region'],
    optionsNeeded: ['region'],
  },
  MISTRAL: withApiKey,
  COHERE: withApiKey,
  XAI: withApiKey,
  GROQ: withApiKey,
  DEEPSEEK: withApiKey,
  OPENAI_COMPATIBLE: { ...withApiKey, credentialNeeded: false, baseUrl: 'needed' },
};

/** Options become parts of hosts, paths and headers: each has a form in which it cannot become anything else. */
export const OPTION_FORMS: Readonly<Record<OptionName, { readonly pattern: RegExp; readonly expected: string }>> = {
  organization: { pattern: /^[A-Za-z0-9_.-]{1,100}$/, expected: "an organization's id" },
  project: { pattern: /^[A-Za-z0-9_.:-]{1,100}$/, expected: "a project's id" },
  location: { pattern: /^[a-z][a-z0-9-]{0,39}$/, expected: 'a location such as europe-west1' },
  region: { pattern: /^[a-z][a-z0-9-]{0,39}$/, expected: 'a region such as eu-central-1' },
  resourceName: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    expected: 'the name of a resource: letters, digits and -',
  },
  apiVersion: { pattern: /^[A-Za-z0-9.-]{1,40}$/, expected: 'a version such as 2025-04-01-preview' },
};
