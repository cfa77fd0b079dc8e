/**
 * Set-up that runs under whatever Node the system has (20 or newer): plain JavaScript, no dependencies.
 * Installs the dependencies when they are missing or not those of the lockfile, and builds when the build is stale.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = 20;

/** Something the user can mend; its message is the one line they see. */
export class SetupError extends Error {}

export const say = (text) => process.stderr.write(`weir: ${text}\n`);

export function checkSystemNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new SetupError(`Node ${OLDEST_NODE} or newer is needed to set up; this is Node ${process.versions.node}.`);
  }
}

/** The Node that the repository pins; everything but set-up runs on it. */
export function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(root, 'node_modules', 'node', 'bin', name);
}

/** Whether what is installed is what the lockfile says (packages for other platforms aside). */
function dependenciesAreCurrent() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const same = Object.entries(wanted).every(
      ([path, entry]) => path === '' || entry.optional === true || present[path]?.version === entry.version,
    );
    return same && existsSync(pinnedNode());
  } catch {
    return false;
  }
}

/** Runs a program, giving its output back; shows that time passes, since these take a while. */
function run(title, command, args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
    say(`${title} ...`);
    const beat = setInterval(() => say(`${title} ... ${seconds()}`), 10_000);
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      clearInterval(beat);
      reject(new SetupError(`${title} failed: ${command} could not be started (${error.code ?? error.message}).`));
    });
    child.on('close', (code, signal) => {
      clearInterval(beat);
      if (code === 0) say(`${title}: done in ${seconds()}`);
      resolve({ code: code ?? 1, signal, output });
    });
  });
}

async function installDependencies() {
  // npm alone would try for over a minute before it says that there is no network.
  const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...retries];
  const { code, output } = await run('installing dependencies (about a minute the first time)', 'npm', args);
  if (code !== 0) {
    const errorCode = /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1] ?? `exit ${code}`;
    const network = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(output);
    throw new SetupError(
      network
        ? `dependencies could not be installed (${errorCode}): the npm registry cannot be reached. Check the network or npm's proxy settings and run this again.`
        : `dependencies could not be installed (${errorCode}): run "npm ci" to see why.`,
    );
  }
  if (!existsSync(pinnedNode())) {
    throw new SetupError(
      'the pinned Node did not install: npm was told to skip install scripts. Run "npm rebuild node --ignore-scripts=false".',
    );
  }
}

/** A digest of names, sizes and times below the given files and folders. */
function fingerprint(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(path)) return;
    const stat = statSync(path);
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== 'node_modules') add(join(path, name));
    } else {
      hash.update(`${path.slice(root.length)}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  for (const path of paths) add(join(root, path));
  return hash.digest('hex');
}

/** What is built, from what, and how. */
const BUILDS = [
  {
    title: 'building the gateway',
    stamp: 'dist/.gateway-stamp',
    output: 'dist/main.js',
    inputs: ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  },
  {
    title: 'building the sandbox page',
    stamp: 'dist/.portal-stamp',
    output: 'dist/portal/sandbox.html',
    inputs: ['portal', 'package-lock.json'],
    args: ['node_modules/vite/bin/vite.js', 'build', 'portal', '--logLevel', 'error'],
  },
];

async function buildIfStale(build) {
  const stamp = join(root, build.stamp);
  const now = fingerprint(build.inputs);
  const built = existsSync(stamp) && existsSync(join(root, build.output));
  if (built && readFileSync(stamp, 'utf8') === now) return;
  const { code, output } = await run(build.title, pinnedNode(), build.args);
  if (code !== 0) {
    process.stderr.write(output);
    throw new SetupError(`${build.title} failed; the lines above say why.`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/** Makes the checkout ready to run. Does nothing, quickly, when it already is. */
export async function setUp({ build = true } = {}) {
  checkSystemNode();
  if (!dependenciesAreCurrent()) await installDependencies();
  if (build) for (const one of BUILDS) await buildIfStale(one);
}

/** Installs what a benchmark's own package.json names, beside it, unless it is there: `probe` is one of its packages. */
export function installBeside(folder, probe, what) {
  if (existsSync(join(root, folder, 'node_modules', probe, 'package.json'))) return;
  say(`installing ${what} ...`);
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: join(root, folder), stdio: 'inherit' });
  if (status !== 0) throw new SetupError(`${what} could not be installed; the lines above say why.`);
}

/**
 * How Node runs the gateway. Node's own young generation grows to 32 MB a half, most of it idle memory: 16 MB cost an idle
 * gateway 12 MB less, and are still more than the answers of a busy one live in.
 */
export const GATEWAY_NODE_ARGS = ['--enable-source-maps', '--max-semi-space-size=16'];

/** Runs a program on the pinned Node with the terminal handed through; resolves with its exit code. */
export function runPinned(args, { env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(pinnedNode(), args, { cwd: process.cwd(), env, stdio: 'inherit' });
    const forward = (signal) => child.kill(signal);
    // A terminal sends Ctrl-C to the whole group; a supervisor sends SIGTERM to us alone.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    child.on('error', () => resolve(1));
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      process.off('SIGHUP', forward);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs `main`, turning a SetupError into its one line and exit code 1. */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
