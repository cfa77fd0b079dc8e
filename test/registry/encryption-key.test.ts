import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadEncryptionKey, UnusableEncryptionKey } from '../../src/registry/index.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index * 3));

describe('the encryption key', () => {
  let root: string;
  let dataDir: string;
  let file: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'weir-key-'));
    dataDir = join(root, 'data');
    file = join(dataDir, 'encryption.key');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const load = (fromEnvironment?: string, production = false): Buffer =>
    loadEncryptionKey({ dataDir, fromEnvironment, production });

  test.each([
    ['base64', key.toString('base64')],
    ['base64 without padding', key.toString('base64').replace('=', '')],
    ['base64url', key.toString('base64url')],
    ['hexadecimal', key.toString('hex')],
    ['capital hexadecimal', key.toString('hex').toUpperCase()],
  ])('comes from the environment as %s, and nothing is written', (_, text) => {
    expect(load(text, true)).toEqual(key);
    expect(readdirSync(root)).toEqual([]);
  });

  test.each([
    ['empty', ''],
    ['too short', key.subarray(1).toString('base64')],
    ['too long', Buffer.alloc(33).toString('base64')],
    ['no base64', '!'.repeat(44)],
    ['63 digits', 'a'.repeat(63)],
    ['with a line break', `${key.toString('base64')}\n`],
  ])('%s is refused without being shown', (_, text) => {
    const attempt = (): Buffer => load(text);
    expect(attempt).toThrow(UnusableEncryptionKey);
    expect(attempt).toThrow(`it has ${text.length} characters`);
    try {
      attempt();
    } catch (error: unknown) {
      if (text !== '') expect(String(error)).not.toContain(text);
    }
  });

  test('is required in production, even when a file is there', () => {
    load();
    expect(() => load(undefined, true)).toThrow('WEIR_ENCRYPTION_KEY must be set');
  });

  test('is made once in development, for the owner alone, and stays the same', () => {
    const made = load();
    expect(made).toHaveLength(32);
    expect(load()).toEqual(made);
    expect(readdirSync(dataDir)).toEqual(['encryption.key']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(load(readFileSync(file, 'utf8').trim(), true)).toEqual(made);
  });

  test('a file that others may read is closed to them', () => {
    load();
    chmodSync(file, 0o644);
    load();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('the environment goes before the file', () => {
    load();
    expect(load(key.toString('hex'))).toEqual(key);
  });

  test('is never made beside a registry that is there', () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'registry.db'), 'x');
    expect(() => load()).toThrow('put encryption.key back');
    expect(readdirSync(dataDir)).toEqual(['registry.db']);
  });

  test('a spoilt file and an unusable folder are told in one line', () => {
    mkdirSync(dataDir);
    writeFileSync(file, 'not a key');
    expect(() => load()).toThrow(`${file} must be 32 bytes`);
    rmSync(root, { recursive: true });
    writeFileSync(root, '');
    expect(() => load()).toThrow(UnusableEncryptionKey);
    expect(() => load()).toThrow(/^[^\n]*cannot be read or made[^\n]*$/);
  });
});
