import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import { WeirError } from '../errors/index.ts';
import type { SecretSealer } from './secret-sealer.ts';
import { type FoundSecret, joinSecrets, splitSecrets } from './split-secrets.ts';
import type { RevisionRow, SecretRow, Tables } from './sqlite/tables.ts';
import type { NewRevision, RevisionRecord } from './types.ts';

const compress = promisify(gzip);

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
  const { json, secrets } = splitSecrets(revision.definition);
  const [definition, sdl] = await Promise.all([compress(json), compress(revision.sdl)]);
  return {
    definition,
    sdl,
    secrets,
    warningsJson: JSON.stringify(revision.warnings),
    changesJson: JSON.stringify(revision.changes),
    linksJson: JSON.stringify(revision.links ?? []),
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
    const record = this.#record(row, secrets);
    // Damage is told here, by the promise, and not by a property somewhere later.
    void record.definition;
    return record;
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

  #record(row: RevisionRow, secrets: readonly SecretRow[]): RevisionRecord {
    const decode = (): unknown => this.#definition(row, secrets);
    let definition: { readonly value: unknown } | undefined;
    return {
      source: row.source,
      number: row.number,
      get definition() {
        definition ??= { value: decode() };
        return definition.value;
      },
      sdl: unpack(row, row.sdl),
      warnings: JSON.parse(row.warnings_json) as RevisionRecord['warnings'],
      changes: JSON.parse(row.changes_json) as RevisionRecord['changes'],
      links: JSON.parse(row.links_json) as RevisionRecord['links'],
      note: row.note ?? undefined,
      createdAt: new Date(row.created_at),
      createdBy: row.created_by,
    };
  }

  #definition(row: RevisionRow, secrets: readonly SecretRow[]): unknown {
    try {
      const opened = secrets.map((secret) => ({
        path: secret.path,
        text: this.#sealer.open({ ...secret, keyId: secret.key_id }, [row.source, row.number, secret.path]),
      }));
      return joinSecrets(unpack(row, row.definition), opened);
    } catch (error: unknown) {
      throw unreadable(row, error);
    }
  }
}

function unpack(row: RevisionRow, bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (error: unknown) {
    throw unreadable(row, error);
  }
}

function unreadable(row: RevisionRow, cause: unknown): WeirError {
  if (cause instanceof WeirError) return cause;
  const what = `Revision ${row.number} of ${row.source} cannot be read from the registry`;
  return new WeirError('STORAGE_UNAVAILABLE', `${what}: it is damaged.`, {}, { cause });
}
