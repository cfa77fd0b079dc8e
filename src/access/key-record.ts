import type { Role } from './caller.ts';

/** What is kept of a key. The key itself is shown once, when it is made, and kept nowhere. */
export interface KeyRecord {
  /** Public part, shown in lists and logs. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the whole key. */
  readonly hash: Uint8Array;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** Whether the key opens anything at `now` (Clock.now() milliseconds). A key is spent from its expiry on. */
export function isValidAt(key: KeyRecord, now: number): boolean {
  return key.revokedAt === undefined && (key.expiresAt === undefined || now < key.expiresAt.getTime());
}
