import { existsSync, readFileSync } from 'node:fs';

/** What Weir calls itself to upstreams (RFC 9110 section 10.1.5). */
export const userAgent = `weir/${packageVersion()}`;

/** The version in the nearest package.json: the sources and what is built of them lie at different depths. */
function packageVersion(): string {
  for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: string };
      return version ?? '0';
    }
    if (folder.pathname === '/' || new URL('../', folder).href === folder.href) return '0';
  }
}
