import type { Migration } from './migrations.ts';

/** Vendors' accounts, limits on what calls of their models may take, and what they have taken. */
export const providersAndBudgets: Migration = {
  version: 3,
  name: 'providers and budgets',
  sql: `
CREATE TABLE providers (
  name TEXT PRIMARY KEY,
  definition_json TEXT NOT NULL CHECK (json_type(definition_json) = 'object'),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE provider_secrets (
  provider TEXT NOT NULL REFERENCES providers (name) ON DELETE CASCADE,
  path TEXT NOT NULL,
  key_id TEXT NOT NULL REFERENCES encryption_keys (id),
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  PRIMARY KEY (provider, path)
) STRICT;

CREATE TABLE budgets (
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('KEY', 'SOURCE', 'PROVIDER', 'MODEL')),
  subject_id TEXT NOT NULL,
  limits_json TEXT NOT NULL CHECK (json_type(limits_json) = 'object'),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (subject_kind, subject_id)
) STRICT;

-- One row a period: the next minute, day or month takes the place of the one before.
CREATE TABLE spending (
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  period TEXT NOT NULL CHECK (period IN ('MINUTE', 'DAY', 'MONTH')),
  started_at INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  usd_nano INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  PRIMARY KEY (subject_kind, subject_id, period),
  FOREIGN KEY (subject_kind, subject_id) REFERENCES budgets (subject_kind, subject_id) ON DELETE CASCADE
) STRICT;

CREATE TRIGGER budgets_go_with_their_source AFTER DELETE ON sources
BEGIN DELETE FROM budgets WHERE subject_kind = 'SOURCE' AND subject_id = OLD.name; END;

CREATE TRIGGER budgets_go_with_their_provider AFTER DELETE ON providers
BEGIN
  DELETE FROM budgets WHERE subject_kind = 'PROVIDER' AND subject_id = OLD.name;
  DELETE FROM budgets
  WHERE subject_kind = 'MODEL' AND substr(subject_id, 1, length(OLD.name) + 1) = OLD.name || '/';
END;
`,
};
