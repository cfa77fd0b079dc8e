import type { Generated } from 'kysely';

/** The rows as they are stored. Times are milliseconds since the Unix epoch, flags 0 or 1, `*_json` JSON text. */
export interface Tables {
  names: NameRow;
  sources: SourceRow;
  revisions: RevisionRow;
  secrets: SecretRow;
  links: LinkRow;
  keys: KeyRow;
  providers: ProviderRow;
  provider_secrets: ProviderSecretRow;
  budgets: BudgetRow;
  spending: SpendingRow;
  audit: AuditRow;
  encryption_keys: EncryptionKeyRow;
}

/** Counters of a source's name. The row outlives the source: numbers are never used twice. */
export interface NameRow {
  name: string;
  last_revision: number;
  last_version: number;
}

export interface SourceRow {
  name: string;
  kind: string;
  title: string | null;
  description: string | null;
  tags_json: string;
  team: string | null;
  visibility: string;
  state: string;
  paused: number;
  deprecation_reason: string | null;
  deprecation_sunset_at: number | null;
  live_revision: number | null;
  latest_revision: number;
  policy_json: string;
  operation_policies_json: string;
  /** Name, title and description in lower case: SQLite itself folds only ASCII. */
  search_text: string;
  version: number;
  created_at: number;
  updated_at: number;
}

export interface RevisionRow {
  source: string;
  number: number;
  /** Gzipped JSON; every secret is replaced by a placeholder and stands in `secrets`. */
  definition: Uint8Array;
  /** Gzipped text. */
  sdl: Uint8Array;
  warnings_json: string;
  changes_json: string;
  links_json: string;
  note: string | null;
  created_at: number;
  created_by: string;
}

/** One secret of a revision's definition, encrypted. Apart from the definition, so that it can be encrypted anew. */
export interface SecretRow {
  source: string;
  revision: number;
  /** JSON pointer into the definition. */
  path: string;
  key_id: string;
  nonce: Uint8Array;
  /** With the authentication tag at its end. */
  ciphertext: Uint8Array;
}

/** A link that was added by itself; those given with a revision stand in its row. */
export interface LinkRow {
  id: string;
  source: string;
  type: string;
  field: string;
  description: string | null;
  target: string;
  operation: string;
  arguments_json: string;
  selected: string | null;
  created_at: number;
  created_by: string;
}

export interface KeyRow {
  id: string;
  name: string;
  role: string;
  hash: Uint8Array;
  created_at: number;
  created_by: string;
  expires_at: number | null;
  revoked_at: number | null;
}

export interface ProviderRow {
  name: string;
  /** All but its name; every secret is replaced by a placeholder and stands in `provider_secrets`. */
  definition_json: string;
  version: number;
  created_at: number;
  updated_at: number;
}

/** One secret of a provider, encrypted. */
export interface ProviderSecretRow {
  provider: string;
  /** JSON pointer into the definition. */
  path: string;
  key_id: string;
  nonce: Uint8Array;
  /** With the authentication tag at its end. */
  ciphertext: Uint8Array;
}

export interface BudgetRow {
  subject_kind: string;
  subject_id: string;
  limits_json: string;
  created_at: number;
  updated_at: number;
}

/** What was spent on a subject since a period began. */
export interface SpendingRow {
  subject_kind: string;
  subject_id: string;
  period: string;
  started_at: number;
  requests: number;
  tokens: number;
  /** Billionths of a USD. */
  usd_nano: number;
  unpriced: number;
}

export interface AuditRow {
  id: Generated<number>;
  at: number;
  actor_id: string;
  actor_name: string;
  action: string;
  target: string;
  detail_json: string;
}

/** A known text under each encryption key in use: tells a wrong key before anything is read with it. */
export interface EncryptionKeyRow {
  id: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  created_at: number;
}
