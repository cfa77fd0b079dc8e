import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-bad-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs the program to its end, in the test's folder. */
function weir(args: readonly string[], env: Record<string, string> = {}, hangUp = false): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', NO_COLOR: '1', ...env },
    });
    if (hangUp) child.stdout.destroy();
    else child.stdout.resume();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    // One that never comes back would outlive the test.
    const overdue = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.on('close', (code) => {
      clearTimeout(overdue);
      resolve({ code, stderr });
    });
  });
}

describe('a start that cannot work ends with 1 and one line that says what to mend', () => {
  const start = (...more: string[]) => ['start', '--port', '0', ...more];
  const cases: readonly (readonly [string, readonly string[], Record<string, string>, RegExp])[] = [
    ['a data folder that is a file', start('--data-dir', 'a-file'), {}, /a-file/],
    ['a data folder below a file', start('--data-dir', 'a-file/below'), {}, /a-file\/below/],
    ['a data folder where there can be none', start('--data-dir', '/proc/weir/data'), {}, /\/proc\/weir/],
    ['an address of another machine', start('--host', '203.0.113.7'), {}, /203\.0\.113\.7 is no address of this/],
    ['a short admin key', start(), { WEIR_ADMIN_KEY: 'short' }, /WEIR_ADMIN_KEY must have at least 32 characters/],
    ['a short encryption key', start(), { WEIR_ENCRYPTION_KEY: 'short' }, /WEIR_ENCRYPTION_KEY must be 32 bytes/],
    ['an egress entry', start('--egress-allow', '10.0.0.0/8,not/a/cidr'), {}, /WEIR_EGRESS_ALLOW.*"not\/a\/cidr"/],
    ['a Redis URL', start(), { WEIR_REDIS_URL: 'cache.internal' }, /WEIR_REDIS_URL: expected redis:\/\/ URL/],
  ];

  test.each(cases)('%s', async (_what, args, env, line) => {
    writeFileSync(join(folder, 'a-file'), '');
    const ended = await weir([...args], env);
    expect(ended.stderr).toMatch(line);
    expect(ended.stderr).toMatch(/^weir: [^\n]+\n$/);
    expect(ended.code).toBe(1);
  });

  test('a database that is none', async () => {
    const dataDir = join(folder, 'damaged');
    const env = { WEIR_ENCRYPTION_KEY: '0'.repeat(64) };
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'registry.db'), Buffer.alloc(5000, 'no database '));
    const ended = await weir(start('--data-dir', dataDir), env);
    expect(ended.stderr).toMatch(/^weir: [^\n]*registry\.db[^\n]*\n$/);
    expect(ended.code).toBe(1);
    expect(readFileSync(join(dataDir, 'registry.db'), 'latin1')).toBe('no database '.repeat(417).slice(0, 5000));
  });
});

test('a reader that hangs up in the middle of the output is no crash', async () => {
  const ended = await weir(['config', '--json'], {}, true);
  expect(ended).toEqual({ code: 0, stderr: '' });
});
