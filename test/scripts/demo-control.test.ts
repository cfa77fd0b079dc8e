import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openControl, sendControl } from '../../src/demo/control.ts';

let folder: string;
const { TMPDIR } = process.env;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-control-'));
  process.env.TMPDIR = folder;
});
afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(folder, { recursive: true, force: true });
});

test('a demo that ends does not take the controls of one that began after it', async () => {
  const first = await openControl('first', async () => ({ bookshop: 'down' }));
  const second = await openControl('second', async () => ({ bookshop: 'slow' }));
  expect(await sendControl(undefined)).toEqual({ bookshop: 'slow' });
  await first.close();
  expect(await sendControl(undefined)).toEqual({ bookshop: 'slow' });
  await second.close();
  await expect(sendControl(undefined)).rejects.toThrow('no demo is running');
});

test('what the demo refuses is said as it said it', async () => {
  const control = await openControl('token', async () => {
    throw new Error('expected one of bookshop, rates, got nonsense');
  });
  const command = { upstream: 'nonsense', behaviour: 'down' } as const;
  await expect(sendControl(command)).rejects.toThrow('expected one of bookshop, rates, got nonsense');
  await control.close();
});
