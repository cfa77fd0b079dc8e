import type { Kysely } from 'kysely';
import { WeirError } from '../errors/index.ts';
import { atOnce } from '../runtime/index.ts';
import type { SecretPlace, SecretSealer } from './secret-sealer.ts';
import { findSecrets, joinSecrets } from './split-secrets.ts';
import type { ProviderRow, ProviderSecretRow, Tables } from './sqlite/tables.ts';
import type { NewProvider, ProviderRecord } from './types.ts';

/** Rows of providers and their secrets, inside the caller's transaction. */
export class ProviderStore {
  readonly #sealer: SecretSealer;

  constructor(sealer: SecretSealer) {
    this.#sealer = sealer;
  }

  /** By name. */
  async list(db: Kysely<Tables>): Promise<readonly ProviderRecord[]> {
    const rows = await db.selectFrom('providers').selectAll().orderBy('name').execute();
    const secrets = await db.selectFrom('provider_secrets').selectAll().execute();
    return rows.map((row) =>
      this.#record(
        row,
        secrets.filter(({ provider }) => provider === row.name),
      ),
    );
  }

  async find(db: Kysely<Tables>, name: string): Promise<ProviderRecord | undefined> {
    const row = await db.selectFrom('providers').selectAll().where('name', '=', name).executeTakeFirst();
    if (row === undefined) return undefined;
    return this.#record(
      row,
      await db.selectFrom('provider_secrets').selectAll().where('provider', '=', name).execute(),
    );
  }

  /** CONFLICT when the row is not at `expectedVersion`; undefined: when there is one. */
  async put(
    db: Kysely<Tables>,
    provider: NewProvider,
    expectedVersion: number | undefined,
    at: number,
  ): Promise<ProviderRecord> {
    const { name, ...definition } = provider;
    const before = await db
      .selectFrom('providers')
      .select(['version', 'created_at'])
      .where('name', '=', name)
      .executeTakeFirst();
    if (before?.version !== expectedVersion) {
      throw new WeirError('CONFLICT', `Somebody else has changed provider ${name} just now.`);
    }
    const { secrets } = atOnce(findSecrets(definition));
    const row: ProviderRow = {
      name,
      definition_json: JSON.stringify(definition),
      version: await nextVersion(db),
      created_at: before?.created_at ?? at,
      updated_at: at,
    };
    const { name: _name, ...columns } = row;
    await db
      .insertInto('providers')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
      .execute();
    await db.deleteFrom('provider_secrets').where('provider', '=', name).execute();
    const sealed = secrets.map(({ path, text }): ProviderSecretRow => {
      const { keyId, nonce, ciphertext } = this.#sealer.seal(text, placeOf(row, path));
      return { provider: name, path, key_id: keyId, nonce, ciphertext };
    });
    for (const secret of sealed) await db.insertInto('provider_secrets').values(secret).execute();
    return this.#record(row, sealed);
  }

  async remove(db: Kysely<Tables>, name: string): Promise<void> {
    const removed = await db.deleteFrom('providers').where('name', '=', name).returning('name').executeTakeFirst();
    if (removed === undefined) throw new WeirError('NOT_FOUND', `There is no provider named ${name}.`);
  }

  #record(row: ProviderRow, secrets: readonly ProviderSecretRow[]): ProviderRecord {
    try {
      const opened = secrets.map((secret) => ({
        path: secret.path,
        text: this.#sealer.open({ ...secret, keyId: secret.key_id }, placeOf(row, secret.path)),
      }));
      const definition = joinSecrets(JSON.parse(row.definition_json), opened) as Omit<NewProvider, 'name'>;
      return {
        name: row.name,
        ...definition,
        version: row.version,
        createdAt: new Date(row.created_at),
        updatedAt: new Date(row.updated_at),
      };
    } catch (cause: unknown) {
      const what = `Provider ${row.name} cannot be read from the registry: it is damaged.`;
      throw new WeirError('STORAGE_UNAVAILABLE', what, {}, { cause });
    }
  }
}

/** A credential opens only beside the very definition it was given with: its destination cannot be exchanged. */
function placeOf(row: ProviderRow, path: string): SecretPlace {
  return ['provider', row.name, path, row.definition_json];
}

/** Every change has an audit row, and those are never taken away: so no version comes twice. */
async function nextVersion(db: Kysely<Tables>): Promise<number> {
  const newest = await db
    .selectFrom('audit')
    .select((of) => of.fn.max('id').as('id'))
    .executeTakeFirst();
  return Number(newest?.id ?? 0) + 1;
}
