import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const project = new URL('../..', import.meta.url).pathname;

/** A checkout whose npm, compiler and bundler only leave traces: set-up is all that is real. */
let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'weir-setup-'));
  for (const path of ['scripts/setup.mjs', 'bin/weir.mjs']) cpSync(join(project, path), join(checkout, path));
  write('package.json', '{ "type": "module" }');
  write('src/main.ts', '');
  write('portal/index.html', '');
  lock('1.0.0');
  npm('install');
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function write(path: string, text: string, executable = false): void {
  const whole = join(checkout, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  if (executable) chmodSync(whole, 0o755);
}

/** The lockfile wants this version of a package, and a package for another platform. */
function lock(version: string): void {
  const packages = {
    '': {},
    'node_modules/thing': { version },
    'node_modules/thing-on-mars': { version, optional: true, os: ['mars'] },
  };
  write('package-lock.json', JSON.stringify({ packages }));
}

/** What `npm` does from now on: `install` leaves behind what set-up looks for, any other text is said before failing. */
function npm(behaviour: string): void {
  const installed = `
    const { cpSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    delete packages['node_modules/thing-on-mars'];
    for (const folder of ['node/bin', 'typescript/bin', 'vite/bin']) mkdirSync('node_modules/' + folder, { recursive: true });
    writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
    const pinned = 'node_modules/node/bin/node';
    writeFileSync(pinned, '#!/bin/sh\\nexec ${process.execPath} "$@"\\n', { mode: 0o755 });
    const builds = (output, content) =>
      \`import fs from 'node:fs'; fs.mkdirSync('\${output.slice(0, output.lastIndexOf('/'))}', { recursive: true }); fs.writeFileSync('\${output}', \${JSON.stringify(content)});\`;
    const program = "console.log('ran', process.argv.slice(2).join(' ')); process.exitCode = Number(process.env.CODE ?? 0);";
    writeFileSync('node_modules/typescript/bin/tsc', builds('dist/main.js', program));
    writeFileSync('node_modules/vite/bin/vite.js', builds('dist/portal/sandbox.html', ''));
    writeFileSync('node_modules/typescript/package.json', '{ "type": "module" }');
    writeFileSync('node_modules/vite/package.json', '{ "type": "module" }');`;
  const fails = `console.error(${JSON.stringify(behaviour)}); process.exitCode = 1;`;
  write('fake/npm', `#!${process.execPath}\n${behaviour === 'install' ? installed : fails}`, true);
  write('fake/package.json', '{ "type": "commonjs" }');
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The steps that set-up went through, without the time they took. */
  readonly steps: readonly string[];
}

function weir(
  args: readonly string[] = [],
  env: Record<string, string> = {},
  node: readonly string[] = [],
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...node, join(checkout, 'bin/weir.mjs'), ...args], {
      env: { PATH: [join(checkout, 'fake'), process.env.PATH].join(delimiter), ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on('close', (code) => {
      const steps = [...stderr.matchAll(/^weir: (\w+ [\w ]+?)(?: \(.*\))?: done/gm)].map(([, step]) => step ?? '');
      resolve({ code, stdout, stderr, steps });
    });
  });
}

const INSTALL = 'installing dependencies';
const GATEWAY = 'building the gateway';
const PAGES = 'building the sandbox page';

describe('set-up', () => {
  test('of a bare checkout installs and builds, showing it, then runs the program with its arguments', async () => {
    const { code, stdout, steps } = await weir(['start', '--port', '0']);
    expect({ code, stdout, steps }).toEqual({
      code: 0,
      stdout: 'ran start --port 0\n',
      steps: [INSTALL, GATEWAY, PAGES],
    });
  });

  test('is skipped, silently, the second time', async () => {
    await weir();
    npm('must not run');
    expect(await weir()).toEqual({ code: 0, stdout: 'ran \n', stderr: '', steps: [] });
  });

  test('does again exactly what is stale', async () => {
    await weir();
    write('src/new.ts', '');
    expect((await weir()).steps).toEqual([GATEWAY]);
    write('portal/new.tsx', '');
    expect((await weir()).steps).toEqual([PAGES]);
    lock('1.0.1');
    expect((await weir()).steps).toEqual([INSTALL, GATEWAY, PAGES]);
    rmSync(join(checkout, 'dist'), { recursive: true });
    expect((await weir()).steps).toEqual([GATEWAY, PAGES]);
    rmSync(join(checkout, 'dist/main.js'));
    expect((await weir()).steps).toEqual([GATEWAY]);
    rmSync(join(checkout, 'node_modules/.package-lock.json'));
    expect((await weir()).steps).toEqual([INSTALL]);
  });

  test('hands on the exit code of the program', async () => {
    expect((await weir([], { CODE: '7' })).code).toBe(7);
  });
});

describe('what goes wrong in set-up is one line and exit 1:', () => {
  /** The last line; what came before it is progress. */
  const lastLine = ({ stderr }: Ended) => stderr.trimEnd().split('\n').at(-1);

  test.each([
    [
      'no network',
      'npm error code ENOTFOUND\nnpm error network request failed',
      /\(ENOTFOUND\): the npm registry cannot be/,
    ],
    ['a refused connection', 'npm error code ECONNREFUSED', /\(ECONNREFUSED\): the npm registry cannot be reached/],
    ['a lockfile that does not fit', 'npm error code EUSAGE', /\(EUSAGE\): run "npm ci" to see why/],
    ['npm dying', 'Killed', /\(exit 1\): run "npm ci" to see why/],
  ])('%s', async (_what, says, line) => {
    npm(says);
    const ended = await weir();
    expect(lastLine(ended)).toMatch(/^weir: dependencies could not be installed /);
    expect(lastLine(ended)).toMatch(line);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).not.toContain('    at ');
    expect(existsSync(join(checkout, 'dist'))).toBe(false);
  });

  test('no npm', async () => {
    const ended = await weir([], { PATH: join(checkout, 'nowhere') });
    expect(lastLine(ended)).toMatch(/failed: npm could not be started \(ENOENT\)/);
    expect(ended.code).toBe(1);
  });

  test('a Node that is too old', async () => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.0'}})`;
    const ended = await weir([], {}, ['--import', old]);
    expect(ended).toMatchObject({
      code: 1,
      stderr: 'weir: Node 20 or newer is needed to set up; this is Node 18.20.0.\n',
    });
  });

  test('a build that fails, after what the compiler says', async () => {
    await weir();
    write('node_modules/typescript/bin/tsc', "console.log('src/main.ts(1,1): error'); process.exitCode = 2;");
    write('src/main.ts', 'const');
    const ended = await weir();
    expect(ended.stderr).toMatch(
      /src\/main\.ts\(1,1\): error\nweir: building the gateway failed; the lines above say why\.\n$/,
    );
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    // It is tried again, not taken for done.
    expect((await weir()).code).toBe(1);
  });
});

describe('the lockfile', () => {
  interface Entry {
    readonly version?: string;
    readonly dependencies?: Record<string, string>;
    readonly optionalDependencies?: Record<string, string>;
  }
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Entry>;
  };

  /** The entry that a package at `from` gets when it asks for `name`. */
  function resolves(from: string, name: string): boolean {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
      if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
      if (folder === '') return false;
    }
  }

  test('names what every platform needs: npm ci refuses it otherwise', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !resolves(path, name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
