import type { ProviderAccount } from '../accounts.ts';

/** Hosts of Azure's, behind which the path has a version of the API in it. */
const AZURE_HOST = /\.(?:openai\.azure|services\.ai\.azure|cognitiveservices\.azure)\.com$/;

/** Where chat completions of a model are asked for. */
export function chatUrl(account: ProviderAccount, baseUrl: string, model: string): string {
  const { kind, options } = account;
  if (kind !== 'AZURE_OPENAI') return `${baseUrl}/chat/completions`;
  const { apiVersion = 'v1' } = options;
  const version = `api-version=${encodeURIComponent(apiVersion)}`;
  if (isDated(apiVersion)) return `${baseUrl}/deployments/${encodeURIComponent(model)}/chat/completions?${version}`;
  const { hostname, pathname } = new URL(baseUrl);
  if (!AZURE_HOST.test(hostname) || pathname.endsWith('/openai/v1')) return `${baseUrl}/chat/completions`;
  const isProject = pathname.startsWith('/api/projects/');
  return `${baseUrl}/v1/chat/completions${isProject ? '' : `?${version}`}`;
}

/** Dated versions of Azure's API stand under the names of deployments only. */
export const isDated = (apiVersion: string): boolean => /^\d{4}-/.test(apiVersion);

export function headersOf({ kind, credential, headers, options }: ProviderAccount): Record<string, string> {
  const sent: Record<string, string> = { 'content-type': 'application/json' };
  if (credential?.type === 'apiKey') {
    const key = credential.apiKey.reveal();
    if (kind === 'AZURE_OPENAI') sent['api-key'] = key;
    else sent.authorization = `Bearer ${key}`;
  }
  if (options.organization !== undefined) sent['openai-organization'] = options.organization;
  if (options.project !== undefined) sent['openai-project'] = options.project;
  for (const { name, value } of headers) sent[name.toLowerCase()] = typeof value === 'string' ? value : value.reveal();
  return sent;
}
