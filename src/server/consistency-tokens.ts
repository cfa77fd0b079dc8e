import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Clock, Random } from '../runtime/index.ts';

/** Request and response header: the client's own writes, which later reads must not be older than. */
export const CONSISTENCY_HEADER = 'weir-consistency';

/** When a source was last written to, by the clock of which process. */
export interface Write {
  readonly at: number;
  readonly writer: string;
}
export type Writes = ReadonlyMap<string, Write>;

export interface ConsistencyTokens {
  /** Names this process in tokens: its own clock needs no allowance. */
  readonly writer: string;
  /** The header's value for these writes. */
  issue(writes: Writes): string;
  /** The writes a client brings; empty without the header. Throws BAD_REQUEST for anything that `issue` did not make. */
  read(header: string | string[] | undefined): Writes;
  /** By source: from when on an answer must be (Clock.now() of this process). */
  notOlderThan(writes: Writes): Readonly<Record<string, number>>;
}

export interface ConsistencyTokensOptions {
  /** The same in every process that should understand the others' tokens. */
  readonly key: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  /** How far the clocks of two processes may differ, in milliseconds. Default 1 000. */
  readonly maxClockSkewMs?: number;
}

/** Sources remembered in one token; of more, those written to longest ago are left out. */
const MAX_SOURCES = 32;
const MAX_LENGTH = 6_000;
const SIGNATURE_BYTES = 16;
const SOURCE_NAME = /^[A-Za-z_]\w{0,99}$/;

/**
 * Tokens that say when their bearer last wrote to which source. Signed, since a made-up time in the future would keep
 * the cache from ever answering; opaque to clients, and no secret: they open nothing.
 */
export function createConsistencyTokens(options: ConsistencyTokensOptions): ConsistencyTokens {
  const { key, clock, random, maxClockSkewMs = 1_000 } = options;
  const writer = random.bytes(6).toString('base64url');
  const sign = (payload: string): Buffer =>
    createHmac('sha256', key).update(payload).digest().subarray(0, SIGNATURE_BYTES);

  return {
    writer,

    issue(writes) {
      const latest = [...writes].sort(([, a], [, b]) => b.at - a.at).slice(0, MAX_SOURCES);
      const rows = latest.map(([source, { at, writer: by }]) => [source, Math.ceil(at), by]);
      const payload = Buffer.from(JSON.stringify(rows)).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },

    read(header) {
      if (header === undefined) return NO_WRITES;
      const [payload = '', signature = '', more] = String(header).trim().split('.');
      if (String(header).length > MAX_LENGTH || more !== undefined) throw notAToken();
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== SIGNATURE_BYTES || !timingSafeEqual(given, sign(payload))) throw notAToken();
      return readRows(payload);
    },

    notOlderThan(writes) {
      const latest = clock.now() + maxClockSkewMs;
      const times: Record<string, number> = Object.create(null);
      for (const [source, { at, writer: by }] of writes) {
        times[source] = Math.min(latest, by === writer ? at : at + maxClockSkewMs);
      }
      return times;
    },
  };
}

/** A key for tokens out of the one that all gateways over the same registry have. */
export function consistencyKeyFrom(encryptionKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', encryptionKey, Buffer.alloc(0), 'weir consistency tokens', 32));
}

export const NO_WRITES: Writes = new Map();

function readRows(payload: string): Writes {
  const writes = new Map<string, Write>();
  let rows: unknown;
  try {
    rows = JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    throw notAToken();
  }
  if (!Array.isArray(rows) || rows.length > MAX_SOURCES) throw notAToken();
  for (const row of rows as readonly unknown[]) {
    const [source, at, writer] = Array.isArray(row) ? (row as readonly unknown[]) : [];
    const sound = typeof source === 'string' && SOURCE_NAME.test(source) && Number.isSafeInteger(at);
    if (!sound || typeof writer !== 'string') throw notAToken();
    writes.set(source, { at: Number(at), writer });
  }
  return writes;
}

function notAToken(): GraphQLError {
  return new GraphQLError(
    `Header ${CONSISTENCY_HEADER}: expected a token as a mutation's answer gave it; what came is none, or another gateway's.`,
    { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } },
  );
}
