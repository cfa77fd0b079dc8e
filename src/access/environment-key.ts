import { timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.ts';
import { hashKey } from './key-format.ts';

/** The least length of a key that an operator chooses: 32 characters of hexadecimal are 128 bits. */
export const ENVIRONMENT_KEY_MIN_LENGTH = 32;

/** A setting that Weir cannot start with. Its message is one line and never holds the key. */
export class UnusableAdminKey extends Error {
  override readonly name = 'UnusableAdminKey';
}

/** The admin's key that the environment gives. Only its hash is held, and nothing of it is stored. */
export interface EnvironmentKey {
  matches(text: string): boolean;
  readonly caller: Caller;
}

/** Takes any text that can stand in a header. Throws UnusableAdminKey for one that is short or cannot be sent. */
export function environmentKey(text: string): EnvironmentKey {
  if (text.length < ENVIRONMENT_KEY_MIN_LENGTH) {
    throw new UnusableAdminKey(
      `WEIR_ADMIN_KEY must have at least ${ENVIRONMENT_KEY_MIN_LENGTH} characters; it has ${text.length}.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new UnusableAdminKey('WEIR_ADMIN_KEY must be visible ASCII without spaces, so that a header can carry it.');
  }
  const hash = hashKey(text);
  const { length } = text;
  return {
    // How long it is helps nobody to guess it; every other key is spared a hash.
    matches: (presented) => presented.length === length && timingSafeEqual(hashKey(presented), hash),
    caller: { kind: 'key', id: 'environment', name: 'WEIR_ADMIN_KEY', role: 'ADMIN' },
  };
}
