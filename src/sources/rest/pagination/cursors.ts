import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { RequestRefused } from '../../shared/refused.ts';
import type { PagePlan } from '../plan.ts';

/**
 * A place between two items: after the first `skip` items of a page. `at` says which page: its number (PAGE), the number
 * of items before it (OFFSET), its cursor (CURSOR) or its address (LINK), null for the first of the last two.
 */
export interface Position {
  readonly at: number | string | null;
  readonly skip: number;
}

export interface Cursors {
  write(position: Position): string;
  /** Throws RequestRefused, naming the argument, for anything that `write` did not make. */
  read(after: string): Position;
}

export interface CursorsOptions {
  readonly plan: PagePlan;
  /** 32 bytes. Only addresses are sealed: whoever could write one could send Weir's credential anywhere on the upstream. */
  readonly key: Uint8Array;
  /** What a sealed cursor is good for: another field, or other arguments, cannot use it. */
  readonly scope: string;
}

const MAX_LENGTH = 16_000;
const LETTERS = { PAGE: 'p', OFFSET: 'o', CURSOR: 'c', LINK: 'l' } as const;

/** Cursors of one field: opaque to clients, the same for the same position, good until the list changes. */
export function createCursors({ plan, key, scope }: CursorsOptions): Cursors {
  const letter = LETTERS[plan.style];
  const sealed = plan.style === 'LINK';
  return {
    write({ at, skip }) {
      const told = sealed && typeof at === 'string' ? seal(at, key, scope) : at;
      return Buffer.from(JSON.stringify([letter, told, skip])).toString('base64url');
    },
    read(after) {
      const parts = after.length > MAX_LENGTH ? undefined : parse(after);
      if (parts === undefined || parts.length !== 3 || parts[0] !== letter) throw refused(after);
      const [, told, skip] = parts;
      const at = sealed && typeof told === 'string' ? unseal(told, key, scope) : told;
      if (!isCount(skip) || !isPage(plan, at)) throw refused(after);
      return { at, skip };
    },
  };
}

function parse(text: string): readonly unknown[] | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPage({ style, firstPage }: PagePlan, at: unknown): at is Position['at'] {
  switch (style) {
    case 'PAGE':
      return isCount(at) && at >= firstPage;
    case 'OFFSET':
      return isCount(at);
    case 'CURSOR':
    case 'LINK':
      return at === null || typeof at === 'string';
    default: {
      const never: never = style;
      return never;
    }
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function refused(after: string): RequestRefused {
  const shown = JSON.stringify(after.length > 100 ? `${after.slice(0, 100)}…` : after);
  return new RequestRefused(`the argument "after" must be an endCursor that this very field gave; came ${shown}.`);
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM. The nonce is made of the text itself, so that one position has one cursor: the same nonce comes again
 * only for the same text.
 */
function seal(text: string, key: Uint8Array, scope: string): string {
  const nonce = createHmac('sha256', key).update(`${scope}\n${text}`).digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(scope));
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function unseal(sealed: string, key: Uint8Array, scope: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(scope)).setAuthTag(tag);
  try {
    return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined; // sealed by nobody, for another field, or with a key of another day
  }
}
