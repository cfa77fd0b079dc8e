import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
let folder: string;

beforeAll(() => {
  if (!existsSync(main)) throw new Error('dist/main.js is missing: `npm test` builds it');
  folder = mkdtempSync(join(tmpdir(), 'weir-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end; `onStdout` may send it a signal. */
function weir(args: readonly string[], env: Record<string, string> = {}, signalWhen?: RegExp): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', NO_COLOR: '1', ...env },
    });
    let stdout = '';
    let stderr = '';
    let signalled = false;
    const look = (): void => {
      if (signalled || signalWhen === undefined || !signalWhen.test(stdout + stderr)) return;
      signalled = true;
      child.kill('SIGTERM');
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
      look();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
      look();
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('weir', () => {
  test('--help lists the commands', async () => {
    const { code, stdout } = await weir(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/start.*\n.*demo.*\n.*config/);
  });

  test('--version prints the version alone', async () => {
    const { code, stdout } = await weir(['--version']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  test('an unknown command is one line and exit 1', async () => {
    const { code, stderr } = await weir(['strat']);
    expect(code).toBe(1);
    expect(stderr).toContain("unknown command 'strat'");
  });

  test('config --json lists every option and masks secrets', async () => {
    const { stdout } = await weir(['config', '--json'], { WEIR_ADMIN_KEY: 'x'.repeat(40), PORT: '4321' });
    const options: { name: string; value: unknown }[] = JSON.parse(stdout);
    expect(options.find((one) => one.name === 'port')?.value).toBe(4321);
    expect(stdout).not.toContain('xxxx');
  });

  test('start: a banner, the key once, a clean end on SIGTERM, and no key the second time', async () => {
    const args = ['start', '--port', '0', '--data-dir', join(folder, 'first')];
    const first = await weir(args, {}, /Admin key[^\n]*\n\s+\S+\n/);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/GraphQL {2}http:\/\/127\.0\.0\.1:\d+\/graphql\n/);
    expect(first.stderr).toMatch(/weir_sk_\S+/);
    const second = await weir(args, {}, /Data /);
    expect(second.code).toBe(0);
    expect(second.stderr).not.toContain('Admin key');
  });

  test('start --json prints where it listens, as data', async () => {
    const { stdout } = await weir(
      ['start', '--port', '0', '--json', '--data-dir', join(folder, 'json')],
      {},
      /graphql/,
    );
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
      graphql: expect.stringMatching(/^http/),
      sources: 0,
    });
  });

  test('a port that is taken is one line and exit 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await weir(['start', '--port', String(port), '--data-dir', join(folder, 'taken')]);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`weir: port ${port} on 127.0.0.1 is taken: choose another with --port or PORT.\n`);
  });

  test('every wrong option is named, with where it came from', async () => {
    writeFileSync(join(folder, 'weir.config.yaml'), 'bodyLimitBytes: many\nnothing: 1\n');
    const { code, stderr } = await weir(['start', '--port', 'http'], { WEIR_LOG_LEVEL: 'loud' });
    rmSync(join(folder, 'weir.config.yaml'));
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines).toEqual(
      [
        expect.stringContaining('--port: expected a port number'),
        expect.stringContaining('WEIR_LOG_LEVEL: expected one of debug, info, warn, error, silent, got "loud"'),
        expect.stringContaining('weir.config.yaml: bodyLimitBytes: expected a number of bytes'),
        expect.stringContaining('weir.config.yaml: nothing: expected one of'),
      ].map((line) => line),
    );
  });

  test('production without an encryption key does not start', async () => {
    const { code, stderr } = await weir(['start', '--port', '0', '--data-dir', join(folder, 'prod')], {
      NODE_ENV: 'production',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^weir: .*WEIR_ENCRYPTION_KEY.*\n$/);
  });

  test('demo break without a demo says so', async () => {
    const { code, stderr } = await weir(['demo', 'break', 'bookshop'], { TMPDIR: folder });
    expect(code).toBe(1);
    expect(stderr).toBe('weir: no demo is running: start one with "npm run demo" in another terminal.\n');
  });
});
