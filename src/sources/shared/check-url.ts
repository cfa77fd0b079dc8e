import type { Problem } from '../../errors/index.ts';

/** What is wrong with a URL that Weir is told to call, as far as it shows without a network. */
export function checkUrl(text: string, path: string): Problem[] {
  const url = URL.parse(text);
  const shown = JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
  if (url === null) return [{ path, message: `Expected an absolute http or https URL; got ${shown}.` }];
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return [{ path, message: `Expected an http or https URL; got ${shown}.` }];
  }
  if (url.username !== '' || url.password !== '') {
    return [{ path, message: 'Expected a URL without credentials (auth is the place for them); got one with.' }];
  }
  return [];
}
