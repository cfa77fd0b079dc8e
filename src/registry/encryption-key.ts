import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Random, systemRandom } from '../runtime/index.ts';
import { DATABASE_FILE, KEY_FILE } from './files.ts';
import { makeFolder } from './make-folder.ts';

export const ENCRYPTION_KEY_BYTES = 32;

/** The key that wraps stored secrets is missing or is no key. The message is one line and never holds the key. */
export class UnusableEncryptionKey extends Error {
  override readonly name = 'UnusableEncryptionKey';
}

export interface EncryptionKeyOptions {
  readonly dataDir: string;
  /** WEIR_ENCRYPTION_KEY, if set: 32 bytes in base64, base64url or hexadecimal. It wins over the file. */
  readonly fromEnvironment?: string | undefined;
  /** In production the key must come from the environment; otherwise one is made beside the data. */
  readonly production: boolean;
  readonly random?: Random;
}

/**
 * The 32 bytes that wrap stored secrets. Throws UnusableEncryptionKey.
 * A key is never made beside a registry that is there already: it could not open what is stored.
 */
export function loadEncryptionKey(options: EncryptionKeyOptions): Buffer {
  const { dataDir, fromEnvironment, production } = options;
  if (fromEnvironment !== undefined) return decode(fromEnvironment, 'WEIR_ENCRYPTION_KEY');
  if (production) {
    throw new UnusableEncryptionKey(
      'WEIR_ENCRYPTION_KEY must be set in production; make one with `openssl rand -base64 32` and keep it safe.',
    );
  }
  const path = join(dataDir, KEY_FILE);
  try {
    if (!existsSync(path)) {
      if (existsSync(join(dataDir, DATABASE_FILE))) {
        throw new UnusableEncryptionKey(
          `The registry in ${dataDir} has no encryption key: put ${KEY_FILE} back beside it, or set WEIR_ENCRYPTION_KEY.`,
        );
      }
      makeKeyFile(dataDir, path, options.random ?? systemRandom);
    }
    chmodSync(path, 0o600);
    return decode(readFileSync(path, 'utf8').trim(), path);
  } catch (error: unknown) {
    if (error instanceof UnusableEncryptionKey) throw error;
    throw new UnusableEncryptionKey(`The encryption key ${path} cannot be read or made: ${error}.`, { cause: error });
  }
}

/** Whole or not at all, and never over one that another process has just made. */
function makeKeyFile(dataDir: string, path: string, random: Random): void {
  makeFolder(dataDir);
  const draft = `${path}.${process.pid}.${random.bytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(file, `${random.bytes(ENCRYPTION_KEY_BYTES).toString('base64')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error: unknown) {
    if (!existsSync(path)) throw error;
  } finally {
    unlinkSync(draft);
  }
}

function decode(text: string, where: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  throw new UnusableEncryptionKey(
    `${where} must be ${ENCRYPTION_KEY_BYTES} bytes, as 44 characters of base64 or 64 of hexadecimal; ` +
      `it has ${text.length} characters.`,
  );
}
