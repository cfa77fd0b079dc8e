import type { ProviderAccount } from '../accounts.ts';

/** Where an account's requests go, without a slash at the end; undefined when the account leaves out what it takes. */
export function baseUrlOf(account: ProviderAccount): string | undefined {
  // A signature is of one region, wherever the request goes.
  if (account.kind === 'AMAZON_BEDROCK' && account.options.region === undefined) return undefined;
  return (account.baseUrl ?? vendorUrl(account))?.replace(/\/+$/, '');
}

/** Always said to the SDK, which would otherwise take it from environment variables. */
function vendorUrl({ kind, options, credential }: ProviderAccount): string | undefined {
  switch (kind) {
    case 'OPENAI':
      return 'https://api.openai.com/v1';
    case 'AZURE_OPENAI':
      return hostname(options.resourceName, (name) => `https://${name}.openai.azure.com/openai`);
    case 'ANTHROPIC':
      return 'https://api.anthropic.com/v1';
    case 'GOOGLE':
      return 'https://generativelanguage.googleapis.com/v1beta';
    case 'GOOGLE_VERTEX':
      return credential?.type === 'apiKey'
        ? 'https://aiplatform.googleapis.com/v1/publishers/google'
        : vertexUrl(options.project, options.location);
    case 'AMAZON_BEDROCK':
      return hostname(
        options.region,
        (region) => `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
      );
    case 'MISTRAL':
      return 'https://api.mistral.ai/v1';
    case 'COHERE':
      return 'https://api.cohere.com/v2';
    case 'XAI':
      return 'https://api.x.ai/v1';
    case 'GROQ':
      return 'https://api.groq.com/openai/v1';
    case 'DEEPSEEK':
      return 'https://api.deepseek.com';
    case 'OPENAI_COMPATIBLE':
      return undefined;
    default: {
      const never: never = kind;
      return never;
    }
  }
}

function vertexUrl(project: string | undefined, location: string | undefined): string | undefined {
  if (project === undefined) return undefined;
  return hostname(location, (name) => {
    const host = name === 'global' ? 'aiplatform.googleapis.com' : `${name}-aiplatform.googleapis.com`;
    return `https://${host}/v1/projects/${encodeURIComponent(project)}/locations/${name}/publishers/google`;
  });
}

/** An option becomes part of a host's name only if it is one label of it. */
function hostname(label: string | undefined, url: (label: string) => string): string | undefined {
  return label !== undefined && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label) ? url(label) : undefined;
}
