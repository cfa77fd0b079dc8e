import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Random } from '../runtime/index.ts';

/**
 * A key reads `weir_sk_<id>_<secret><checksum>`, 66 characters:
 * 8 of public id, 43 of secret (256 random bits, base64url), 6 of checksum (CRC-32 of all before it).
 * The prefix lets secret scanners find a leaked key; the checksum tells a typo from an unknown key
 * without a look into the store. It guards against slips, not against forgers: only the hash does.
 */
export const KEY_PREFIX = 'weir_sk_';

/** Every text that begins so is meant as a key of Weir's, well formed or not. */
export const KEY_MARK = 'weir_';

const PATTERN = /^weir_sk_([0-9a-hjkmnp-tv-z]{8})_[A-Za-z0-9_-]{43}[A-Za-z0-9_-]{6}$/;
const CHECKSUM_LENGTH = 6;

/** Crockford's base 32: no letters that look like others, so that an id can be read out. */
const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export interface NewKey {
  readonly id: string;
  /** The whole key, to be shown once. */
  readonly secret: string;
  readonly hash: Uint8Array;
}

export function makeKey(random: Random): NewKey {
  const id = Array.from(random.bytes(8), (byte) => ID_ALPHABET[byte % 32]).join('');
  const body = `${KEY_PREFIX}${id}_${random.bytes(32).toString('base64url')}`;
  const secret = body + checksum(body);
  return { id, secret, hash: hashKey(secret) };
}

/** The id inside a well-formed key, or undefined when the text is none. */
export function keyIdOf(text: string): string | undefined {
  const id = PATTERN.exec(text)?.[1];
  if (id === undefined) return undefined;
  return checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH) ? id : undefined;
}

/** SHA-256 of the whole key. Enough for 256 random bits: there is nothing to guess that stretching would slow. */
export function hashKey(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64url');
}
