import { hkdfSync } from 'node:crypto';

/** The key that seals clients' cursors, of the gateway's own (HKDF, RFC 5869): the same wherever that one is. */
export function cursorKeyFrom(encryptionKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', encryptionKey, new Uint8Array(), 'weir cursors', 32));
}
