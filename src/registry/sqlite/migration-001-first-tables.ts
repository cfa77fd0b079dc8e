import type { Migration } from './migrations.ts';

/** Names, sources, revisions with their secrets, keys, the audit log. */
export const firstTables: Migration = {
  version: 1,
  name: 'first tables',
  sql: `
CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE encryption_keys (
  id TEXT PRIMARY KEY,
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE names (
  name TEXT PRIMARY KEY,
  last_revision INTEGER NOT NULL,
  last_version INTEGER NOT NULL
) STRICT;

CREATE TABLE sources (
  name TEXT PRIMARY KEY REFERENCES names (name),
  kind TEXT NOT NULL,
  title TEXT,
  description TEXT,
  tags_json TEXT NOT NULL CHECK (json_type(tags_json) = 'array'),
  team TEXT,
  visibility TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED', 'DEPRECATED', 'RETIRED')),
  paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
  deprecation_reason TEXT,
  deprecation_sunset_at INTEGER,
  live_revision INTEGER,
  latest_revision INTEGER NOT NULL,
  policy_json TEXT NOT NULL CHECK (json_type(policy_json) = 'object'),
  operation_policies_json TEXT NOT NULL CHECK (json_type(operation_policies_json) = 'object'),
  search_text TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((live_revision IS NOT NULL) = (state IN ('PUBLISHED', 'DEPRECATED'))),
  FOREIGN KEY (name, live_revision) REFERENCES revisions (source, number) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (name, latest_revision) REFERENCES revisions (source, number) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE revisions (
  source TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  definition BLOB NOT NULL,
  sdl BLOB NOT NULL,
  warnings_json TEXT NOT NULL CHECK (json_type(warnings_json) = 'array'),
  changes_json TEXT NOT NULL CHECK (json_type(changes_json) = 'array'),
  note TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (source, number)
) STRICT;

CREATE TRIGGER revisions_never_change BEFORE UPDATE ON revisions
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;

-- INSERT OR REPLACE deletes without a word to the triggers on DELETE.
CREATE TRIGGER revisions_are_never_replaced BEFORE INSERT ON revisions
WHEN EXISTS (SELECT 1 FROM revisions WHERE source = NEW.source AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a revision is never replaced'); END;

-- A cascade comes after its source is gone; anything else is a revision taken from under its source.
CREATE TRIGGER revisions_go_with_their_source BEFORE DELETE ON revisions
WHEN EXISTS (SELECT 1 FROM sources WHERE name = OLD.source)
BEGIN SELECT RAISE(ABORT, 'a revision goes only with its source'); END;

CREATE TABLE secrets (
  source TEXT NOT NULL,
  revision INTEGER NOT NULL,
  path TEXT NOT NULL,
  key_id TEXT NOT NULL REFERENCES encryption_keys (id),
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  PRIMARY KEY (source, revision, path),
  FOREIGN KEY (source, revision) REFERENCES revisions (source, number) ON DELETE CASCADE
) STRICT;

CREATE TRIGGER secrets_stay_in_place BEFORE UPDATE OF source, revision, path ON secrets
BEGIN SELECT RAISE(ABORT, 'a secret stays in its place'); END;

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TRIGGER keys_never_change BEFORE UPDATE OF id, role, hash, created_at, created_by, expires_at ON keys
BEGIN SELECT RAISE(ABORT, 'a key never changes'); END;

CREATE TRIGGER keys_stay_revoked BEFORE UPDATE OF revoked_at ON keys
WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a revoked key stays revoked'); END;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail_json TEXT NOT NULL CHECK (json_type(detail_json) = 'object')
) STRICT;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
`,
};
