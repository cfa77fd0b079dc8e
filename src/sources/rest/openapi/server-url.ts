import { isObject, ownArray, ownObject, ownString } from './json.ts';

/** A server's URL with its variables filled in by their defaults. */
export function serverUrl(server: unknown): string | undefined {
  if (!isObject(server)) return undefined;
  const url = ownString(server, 'url');
  if (url === undefined) return undefined;
  const variables = ownObject(server, 'variables') ?? {};
  return url.trim().replaceAll(/\{([^}]+)\}/g, (whole, name: string) => {
    const variable = ownObject(variables, name);
    const value = variable?.default ?? (variable && ownArray(variable, 'enum')?.[0]);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
  });
}
