import type { Migration } from './migrations.ts';

/** Links: those given with a revision, and those added by themselves. */
export const links: Migration = {
  version: 2,
  name: 'links',
  sql: `
ALTER TABLE revisions ADD COLUMN links_json TEXT NOT NULL DEFAULT '[]' CHECK (json_type(links_json) = 'array');

-- The target is no foreign key: a link waits for a target that is not there.
CREATE TABLE links (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
  type TEXT NOT NULL,
  field TEXT NOT NULL,
  description TEXT,
  target TEXT NOT NULL,
  operation TEXT NOT NULL,
  arguments_json TEXT NOT NULL CHECK (json_type(arguments_json) = 'array'),
  selected TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  UNIQUE (source, type, field)
) STRICT;

CREATE TRIGGER links_never_change BEFORE UPDATE ON links
BEGIN SELECT RAISE(ABORT, 'a link never changes'); END;
`,
};
