import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import { WeirError } from '../errors/index.ts';
import { atOnce, inTurns, type Steps } from '../runtime/index.ts';
import { readDefinition, writeDefinition } from './definition-text.ts';
import type { SecretSealer } from './secret-sealer.ts';
import type { FoundSecret } from './split-secrets.ts';
import type { RevisionRow, SecretRow, Tables } from './sqlite/tables.ts';
import type { NewRevision, RevisionRecord } from './types.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const NEWLINE = Buffer.from('\n');

/** A revision made ready before the transaction, so that a large definition is not packed while others wait. */
export interface PackedRevision {
  readonly definition: Uint8Array;
  readonly sdl: Uint8Array;
  readonly secrets: readonly FoundSecret[];
  readonly warningsJson: string;
  readonly changesJson: string;
  readonly linksJson: string;
  readonly note: string | undefined;
}

export async function packRevision(revision: NewRevision): Promise<PackedRevision> {
  const lists = {
    warningsJson: JSON.stringify(revision.warnings),
    changesJson: JSON.stringify(revision.changes),
    linksJson: JSON.stringify(revision.links ?? []),
  };
  const { lines, secrets } = await inTurns(writeDefinition(revision.definition));
  const text = Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [NEWLINE, line])));
  const [definition, sdl] = await Promise.all([compress(text), compress(revision.sdl)]);
  return {
    definition,
    sdl,
    secrets,
    ...lists,
    note: revision.note,
  };
}

/** Revisions and their secrets, inside the caller's transaction. */
export class RevisionStore {
  readonly #sealer: SecretSealer;

  constructor(sealer: SecretSealer) {
    this.#sealer = sealer;
  }

  async insert(
    db: Kysely<Tables>,
    place: { readonly source: string; readonly number: number; readonly at: number; readonly by: string },
    packed: PackedRevision,
  ): Promise<RevisionRecord> {
    const { source, number } = place;
    const row: RevisionRow = {
      source,
      number,
      definition: packed.definition,
      sdl: packed.sdl,
      warnings_json: packed.warningsJson,
      changes_json: packed.changesJson,
      links_json: packed.linksJson,
      note: packed.note ?? null,
      created_at: place.at,
      created_by: place.by,
    };
    await db.insertInto('revisions').values(row).execute();
    const secrets: SecretRow[] = packed.secrets.map(({ path, text }) => {
      const sealed = this.#sealer.seal(text, [source, number, path]);
      return {
        source,
        revision: number,
        path,
        key_id: sealed.keyId,
        nonce: sealed.nonce,
        ciphertext: sealed.ciphertext,
      };
    });
    for (const secret of secrets) await db.insertInto('secrets').values(secret).execute();
    return this.#record(row, secrets);
  }

  /** NOT_FOUND when the source has no such revision. */
  async expect(db: Kysely<Tables>, source: string, number: number): Promise<void> {
    const row = await db
      .selectFrom('revisions')
      .select('number')
      .where('source', '=', source)
      .where('number', '=', number)
      .executeTakeFirst();
    if (row === undefined) throw new WeirError('NOT_FOUND', `Source ${source} has no revision ${number}.`);
  }

  async get(db: Kysely<Tables>, source: string, number: number): Promise<RevisionRecord | undefined> {
    const row = await db
      .selectFrom('revisions')
      .selectAll()
      .where('source', '=', source)
      .where('number', '=', number)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const secrets = await db
      .selectFrom('secrets')
      .selectAll()
      .where('source', '=', source)
      .where('revision', '=', number)
      .execute();
    // Here a large one is read in turns, and damage is told by the promise, not by a property somewhere later.
    const [text, sdl] = await Promise.all([inflate(row, row.definition), inflate(row, row.sdl)]);
    return this.#record(row, secrets, {
      definition: await inTurns(this.#definition(row, secrets, text)),
      sdl: sdl.toString('utf8'),
    });
  }

  async list(db: Kysely<Tables>, source: string): Promise<readonly RevisionRecord[]> {
    const rows = await db
      .selectFrom('revisions')
      .selectAll()
      .where('source', '=', source)
      .orderBy('number', 'desc')
      .execute();
    const secrets = await db.selectFrom('secrets').selectAll().where('source', '=', source).execute();
    return rows.map((row) =>
      this.#record(
        row,
        secrets.filter((secret) => secret.revision === row.number),
      ),
    );
  }

  /** What is not `known` is read from the row when first asked for. */
  #record(
    row: RevisionRow,
    secrets: readonly SecretRow[],
    known: { definition?: unknown; sdl?: string } = {},
  ): RevisionRecord {
    const readNow = (): unknown => atOnce(this.#definition(row, secrets, inflateNow(row, row.definition)));
    return {
      source: row.source,
      number: row.number,
      get definition() {
        known.definition ??= readNow();
        return known.definition;
      },
      get sdl() {
        known.sdl ??= inflateNow(row, row.sdl).toString('utf8');
        return known.sdl;
      },
      warnings: JSON.parse(row.warnings_json) as RevisionRecord['warnings'],
      changes: JSON.parse(row.changes_json) as RevisionRecord['changes'],
      links: JSON.parse(row.links_json) as RevisionRecord['links'],
      note: row.note ?? undefined,
      createdAt: new Date(row.created_at),
      createdBy: row.created_by,
    };
  }

  *#definition(row: RevisionRow, secrets: readonly SecretRow[], text: Buffer): Steps<unknown> {
    try {
      const opened = secrets.map((secret) => ({
        path: secret.path,
        text: this.#sealer.open({ ...secret, keyId: secret.key_id }, [row.source, row.number, secret.path]),
      }));
      return yield* readDefinition(text, opened);
    } catch (error: unknown) {
      throw unreadable(row, error);
    }
  }
}

async function inflate(row: RevisionRow, bytes: Uint8Array): Promise<Buffer> {
  return decompress(bytes).catch((error: unknown) => {
    throw unreadable(row, error);
  });
}

function inflateNow(row: RevisionRow, bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error: unknown) {
    throw unreadable(row, error);
  }
}

function unreadable(row: RevisionRow, cause: unknown): WeirError {
  if (cause instanceof WeirError) return cause;
  const what = `Revision ${row.number} of ${row.source} cannot be read from the registry`;
  return new WeirError('STORAGE_UNAVAILABLE', `${what}: it is damaged.`, {}, { cause });
}
