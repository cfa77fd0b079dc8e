import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Random } from '../runtime/index.ts';

/** A secret as it is stored. */
export interface SealedSecret {
  /** Which key sealed it; says nothing about the key itself. */
  readonly keyId: string;
  readonly nonce: Uint8Array;
  /** With the authentication tag at its end. */
  readonly ciphertext: Uint8Array;
}

/** Where a secret stands. It opens only there: a row copied to another place is refused. */
export type SecretPlace = readonly (string | number)[];

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with random nonces (NIST SP 800-38D section 8.2.2: good for 2^32 secrets a key). */
export class SecretSealer {
  readonly keyId: string;
  readonly #key: Buffer;
  readonly #random: Random;

  constructor(key: Buffer, random: Random) {
    this.#key = Buffer.from(key);
    this.#random = random;
    this.keyId = createHmac('sha256', key).update('weir encryption key id').digest('hex').slice(0, 16);
  }

  seal(text: string, place: SecretPlace): SealedSecret {
    const nonce = this.#random.bytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(bound(place));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { keyId: this.keyId, nonce, ciphertext };
  }

  /** Throws when the key, the place or the bytes are not those of `seal`. */
  open(sealed: SealedSecret, place: SecretPlace): string {
    const body = sealed.ciphertext.subarray(0, -TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bound(place)).setAuthTag(sealed.ciphertext.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  }
}

function bound(place: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify(['weir', ...place]), 'utf8');
}
